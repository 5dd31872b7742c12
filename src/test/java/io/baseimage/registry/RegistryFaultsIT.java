package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole publication with each fault at each of its requests in turn. */
@Execution(ExecutionMode.CONCURRENT)
final class RegistryFaultsIT {
  private static final byte[] CONFIG = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
  private static final byte[] LAYER = new byte[200_000];
  private static final Manifest MANIFEST = Repositories.manifest(CONFIG, LAYER);

  private static final Set<Fault> ENDS_CONNECTIONS =
      EnumSet.of(Fault.CUT_OFF, Fault.RESET_BEFORE, Fault.RESET_WITHIN, Fault.RESET_AFTER);

  @TempDir static Path folder;
  private static RegistryServer server;

  private FaultProxy proxy;
  private final Repositories repositories = new Repositories();

  @BeforeAll
  static void start() throws Exception {
    server =
        new RegistryServer(folder, RegistryServer.Storage.MEMORY, RegistryServer.Doors.OPEN, true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void stand() throws Exception {
    proxy = new FaultProxy(server.port());
  }

  @AfterEach
  void leave() throws Exception {
    proxy.close();
  }

  private Registry open(String path) {
    return open(path, Retries.USUAL);
  }

  private Registry open(String path, Retries retries) {
    return repositories.open(proxy.host() + "/" + path, Optional.empty(), retries);
  }

  private static Retries retries(Fault fault) {
    return fault == Fault.SLOW || fault == Fault.DONE_BUT_SLOW
        ? Repositories.quick()
        : Retries.USUAL;
  }

  private static void publish(Registry registry) {
    registry.checkWriteAccess();
    registry.upload(Digest.of(CONFIG), CONFIG.length, ContentSource.of(CONFIG), sent -> {});
    registry.upload(Digest.of(LAYER), LAYER.length, ContentSource.of(LAYER), sent -> {});
    registry.put(MANIFEST.digest().toString(), MANIFEST);
    registry.put("1", MANIFEST);
    assertThat(registry.manifest("1")).contains(MANIFEST);
    assertThat(registry.tags()).containsExactly("1");
  }

  private static void assertPublished(String path) {
    for (String name : List.of("1", MANIFEST.digest().toString())) {
      var stored =
          server.raw("GET", "/v2/" + path + "/manifests/" + name, "Accept", Repositories.OCI);
      assertThat(stored.body()).isEqualTo(MANIFEST.bytes());
    }
    for (byte[] blob : List.of(CONFIG, LAYER)) {
      var stored = server.raw("GET", "/v2/" + path + "/blobs/" + Digest.of(blob));
      assertThat(stored.statusCode()).isEqualTo(200);
      assertThat(stored.body()).isEqualTo(blob);
    }
  }

  private int requestsOfOnePublication(String path) {
    proxy.spoil(-1, Fault.NONE);
    publish(open(path));
    return proxy.requests();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "NONE",
        "DONE_BUT_403",
        "STATUS_401",
        "STATUS_403",
        "OTHER_DIGEST",
        "TOKEN_EXPIRED",
        "TOKEN_REJECTED",
        "UPLOAD_UNKNOWN"
      },
      mode = EnumSource.Mode.EXCLUDE)
  void publicationIsWholeWhenAnyOneRequestIsSpoiled(Fault fault) {
    String path = "joe/" + fault.name().toLowerCase(java.util.Locale.ROOT);
    int requests = requestsOfOnePublication(path + "/plain");
    assertThat(requests).isEqualTo(16);
    for (int number = 0; number < requests; number++) {
      proxy.spoil(number, fault);
      repositories.log.info.clear();

      publish(open(path + "/" + number, retries(fault)));

      assertPublished(path + "/" + number);
      // Greeting and cancelling are not worth a word, nor are connections that end between
      // requests; and what was cut off may be what nobody needs.
      if (number != 0 && number != 2 && !ENDS_CONNECTIONS.contains(fault)) {
        assertThat(repositories.log.info)
            .as("request %d", number)
            .isNotEmpty()
            .allMatch(line -> line.startsWith("Tried to ") && line.contains("joe/"));
      }
    }
  }

  @Test
  void publicationIsWholeOrDeniedWhenAnyOneAnswerSaysSo() {
    int requests = requestsOfOnePublication("joe/plain");
    for (int number = 0; number < requests; number++) {
      String path = "joe/denied/" + number;
      proxy.spoil(number, Fault.DONE_BUT_403);
      try {
        publish(open(path));
        assertPublished(path);
      } catch (RegistryException e) {
        assertThat(e.kind()).isEqualTo(Kind.DENIED);
        assertThat(e).hasMessageContaining(path).hasNoCause();
        String method = proxy.log.get(number).method();
        assertThat(method).as("request %d", number).isNotEqualTo("PUT");
      }
    }
  }

  @Test
  void uploadBeginsAnewWhenRegistryForgotIt() {
    proxy.chosen = ".*/blobs/uploads/[^?]+.*";
    for (int number = 0; number < 2; number++) {
      String path = "joe/forgotten/" + number;
      proxy.spoil(number, Fault.UPLOAD_UNKNOWN);

      open(path).upload(Digest.of(LAYER), LAYER.length, ContentSource.of(LAYER), sent -> {});

      assertThat(server.raw("HEAD", "/v2/" + path + "/blobs/" + Digest.of(LAYER)).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void retriesWaitWhenRegistrySaysHowLong() {
    proxy.chosen = "POST .*";
    proxy.spoil(0, Fault.TOO_MANY);
    open("joe/wait").checkWriteAccess();
    proxy.spoil(0, Fault.TOO_MANY_UNTIL);
    open("joe/wait").checkWriteAccess();

    // Half of the first half second is what chance adds in these tests.
    assertThat(repositories.clockwork.slept)
        .containsExactly(Duration.ofMillis(7_250), Duration.ofMillis(9_250));
    assertThat(repositories.log.info.get(0)).contains("429").contains("once more in 7.3 s");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"TOO_MANY", "STATUS_503", "RESET_BEFORE"})
  void workEndsWhenPatienceDoes(Fault fault) {
    proxy.spoil(0, Integer.MAX_VALUE, fault);
    Registry registry = open("joe/never");

    assertThatThrownBy(registry::tags)
        .isInstanceOfSatisfying(
            RegistryException.class,
            e ->
                assertThat(e.kind())
                    .isEqualTo(
                        switch (fault) {
                          case TOO_MANY -> Kind.RATE_LIMITED;
                          case STATUS_503 -> Kind.UNAVAILABLE;
                          default -> Kind.UNREACHABLE;
                        }))
        .hasMessageContaining("list the tags of " + proxy.host() + "/joe/never");

    Duration slept = repositories.clockwork.slept.stream().reduce(Duration.ZERO, Duration::plus);
    // A name under which nobody ever answered may be a wrong one.
    Duration most = Duration.ofMinutes(fault == Fault.RESET_BEFORE ? 1 : 10);
    assertThat(slept).isBetween(most.dividedBy(2), most);
  }

  @Test
  void runEndsWhenEveryRequestIsHeldUpAtFirst() {
    proxy.chosen = "GET .*/tags/list.*";
    Registry registry = open("joe/held");
    repositories.clockwork.slept.clear();

    assertThatThrownBy(
            () -> {
              // Each time the registry has had enough of us, and is well again a moment later.
              while (repositories.clockwork.slept.size() < 10_000) {
                proxy.spoil(0, Fault.TOO_MANY);
                registry.tags();
              }
            })
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED))
        .hasMessageContaining("This run has waited");

    Duration slept = repositories.clockwork.slept.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(slept).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
  }

  @Test
  void putEndsWhenItFailsForeverThoughLooksSucceed() {
    Registry registry = open("joe/half");
    proxy.chosen = "PUT .*";
    proxy.spoil(0, Integer.MAX_VALUE, Fault.STATUS_500);

    assertThatThrownBy(() -> registry.put("1", MANIFEST))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  @Test
  void workEndsAtOnceWhenThreadIsInterrupted() throws Exception {
    proxy.spoil(0, Fault.SLOW);
    Registry registry = open("joe/interrupted");
    AtomicReference<Thread> working = new AtomicReference<>();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              working.set(Thread.currentThread());
              try {
                registry.tags();
              } catch (RuntimeException e) {
                thrown.complete(e);
              }
            });
    thread.start();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (proxy.log.isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    thread.interrupt();

    assertThat(thrown.get(5, java.util.concurrent.TimeUnit.SECONDS))
        .isInstanceOf(InterruptedRunException.class);
  }

  @Test
  void blobIsReadWholeWhenAnswersAreSpoiled() {
    Registry registry = open("joe/read");
    registry.upload(Digest.of(LAYER), LAYER.length, ContentSource.of(LAYER), sent -> {});
    for (Fault fault : List.of(Fault.CUT_OFF, Fault.STATUS_502, Fault.RESET_AFTER)) {
      proxy.spoil(0, fault);
      assertThat(registry.blob(Digest.of(LAYER), LAYER.length)).isEqualTo(LAYER);
      proxy.spoil(0, fault);
      assertThat(registry.hasBlob(Digest.of(LAYER))).isTrue();
      proxy.spoil(0, fault);
      assertThat(registry.mount(Digest.of(LAYER), Repositories.beside(registry, "joe/read")))
          .isTrue();
    }
  }

  @Test
  void deleteIsDoneWhenItsAnswerIsLost() {
    Registry registry = open("joe/gone");
    publish(registry);
    proxy.spoil(0, Fault.RESET_AFTER);

    assertThat(registry.delete(MANIFEST.digest())).isTrue();

    assertThat(server.raw("GET", "/v2/joe/gone/manifests/1").statusCode()).isEqualTo(404);
  }
}

package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that want to know who one is. */
final class RegistryLoginIT {
  private static final byte[] CONFIG = bytes("{}");
  private static final byte[] LAYER = bytes("layer");
  private static final Manifest MANIFEST = Repositories.manifest(CONFIG, LAYER);
  private static final Optional<Login> JOE = Optional.of(Repositories.joe());

  @TempDir static Path folder;
  private static TokenServer tokens;
  private static RegistryServer basic;
  private static RegistryServer bearer;
  private static FaultProxy proxy;

  private final Repositories repositories = new Repositories();

  @BeforeAll
  static void start() throws Exception {
    tokens = new TokenServer(folder);
    Path one = Files.createDirectory(folder.resolve("basic"));
    Path other = Files.createDirectory(folder.resolve("bearer"));
    basic =
        new RegistryServer(
            one, RegistryServer.Storage.MEMORY, RegistryServer.Doors.basic(one), true);
    bearer =
        new RegistryServer(
            other, RegistryServer.Storage.MEMORY, RegistryServer.Doors.bearer(tokens), true);
    proxy = new FaultProxy(bearer.port());
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    bearer.close();
    basic.close();
    tokens.close();
  }

  @BeforeEach
  void calm() {
    proxy.spoil(-1, Fault.NONE);
    tokens.requests.clear();
    tokens.life = Duration.ofMinutes(5);
    tokens.toldSeconds = 300;
    tokens.forbidden = "nothing";
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

  private void assertUnauthorized(ThrowingCallable work, String advice) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
        .hasMessageContaining(advice)
        .hasNoCause();
    assertThat(repositories.clockwork.slept).isEmpty();
  }

  @Test
  void publicationSucceedsWhenPasswordIsRight() {
    publish(repositories.open(basic.host() + "/joe/basic", JOE));
    publish(repositories.open(proxy.host() + "/joe/bearer", JOE));

    // To upload, to cancel an upload, and to read what was written.
    assertThat(tokens.requests)
        .containsExactly(
            "GET repository:joe/bearer:pull,push",
            "GET repository:joe/bearer:delete",
            "GET repository:joe/bearer:pull");
  }

  @Test
  void workFailsWhenNobodyLoggedIn() {
    assertUnauthorized(
        () -> repositories.open(basic.host() + "/joe/x").checkWriteAccess(), "docker login");
    assertUnauthorized(
        () -> repositories.open(bearer.host() + "/joe/x").checkWriteAccess(), "docker login");
  }

  @Test
  void workFailsWhenPasswordIsWrong() {
    Optional<Login> wrong = Optional.of(Login.of("joe", "tell-nobody"));

    for (RegistryServer server : new RegistryServer[] {basic, bearer}) {
      assertThatThrownBy(
              () -> repositories.open(server.host() + "/joe/x", wrong).checkWriteAccess())
          .hasMessageContaining("does not take the credentials")
          .message()
          .doesNotContain("tell-nobody");
    }
  }

  @Test
  void publicationGoesOnWhenAnyOneTokenIsRejected() {
    publish(repositories.open(proxy.host() + "/joe/counted", JOE));
    int requests = proxy.requests();
    // A token that nobody has seen yet is rejected in another test.
    List<Integer> known =
        IntStream.range(1, requests)
            .filter(number -> proxy.log.get(number - 1).status() != 401)
            .filter(number -> proxy.log.get(number).status() != 401)
            .boxed()
            .toList();
    assertThat(known).hasSizeGreaterThan(10);
    known.forEach(
        number -> {
          proxy.spoil(number, Fault.TOKEN_REJECTED);
          publish(repositories.open(proxy.host() + "/joe/rejected" + number, JOE));
        });
    assertThat(repositories.log.info).isEmpty();
  }

  @Test
  void workFailsOnceWhenFreshTokensAreRejected() {
    tokens.life = Duration.ofMinutes(-9);

    assertUnauthorized(
        () -> repositories.open(proxy.host() + "/joe/late", JOE).checkWriteAccess(), "401");

    assertThat(tokens.requests).hasSize(1);
    // After the greeting.
    assertThat(proxy.requests()).isEqualTo(3);
  }

  @Test
  void tokenIsReplacedWhenItsTimeIsOver() throws Exception {
    tokens.toldSeconds = 10;
    Registry registry = repositories.open(proxy.host() + "/joe/short", JOE);
    registry.checkWriteAccess();
    repositories.clockwork.sleep(Duration.ofSeconds(11));
    registry.checkWriteAccess();

    // Each time one to upload and one to cancel.
    assertThat(tokens.requests).hasSize(4);
  }

  @Test
  void identityTokenIsExchangedWhenThatIsTheCredential() {
    Login token = Login.of("<token>", TokenServer.IDENTITY_TOKEN);

    publish(repositories.open(proxy.host() + "/joe/identity", Optional.of(token)));

    assertThat(tokens.requests).isNotEmpty().allMatch(request -> request.startsWith("POST "));
    assertThat(proxy.log).noneMatch(seen -> seen.path().contains(TokenServer.IDENTITY_TOKEN));
  }

  @Test
  void readersSucceedWhenAnybodyMayRead() {
    publish(repositories.open(proxy.host() + "/joe/public", JOE));
    Registry anonymous = repositories.open(proxy.host() + "/joe/public");

    assertThat(anonymous.manifest("1")).contains(MANIFEST);
    assertThat(anonymous.tags()).containsExactly("1");
    assertUnauthorized(() -> anonymous.put("2", MANIFEST), "docker login");
    assertThat(bearer.raw("GET", "/v2/").statusCode()).isEqualTo(401);
  }

  @Test
  void deleteSaysNoWhenTokenServerForbidsIt() {
    publish(repositories.open(proxy.host() + "/joe/kept", JOE));
    Registry registry = repositories.open(proxy.host() + "/joe/kept", JOE);
    tokens.forbidden = "delete";
    assertThat(registry.delete(MANIFEST.digest())).isFalse();
    tokens.forbidden = "nothing";
    assertThat(registry.delete(MANIFEST.digest())).isTrue();
  }

  @Test
  void mountAsksForItsSourceWhenRegistryWantsTokens() {
    publish(repositories.open(proxy.host() + "/joe/from", JOE));
    Registry target = repositories.open(proxy.host() + "/joe/to", JOE);
    tokens.requests.clear();

    assertThat(target.mount(Digest.of(LAYER), Repositories.beside(target, "joe/from"))).isTrue();

    assertThat(tokens.requests).hasSize(1);
    assertThat(tokens.requests.get(0)).contains("joe/to:pull,push").contains("joe/from:pull");
  }

  @Test
  void credentialsAreTakenFromTheEnvironmentWhenTheyAreThere() {
    Map<String, String> environment =
        Map.of("BASEIMAGE_REGISTRY_USERNAME", "joe", "BASEIMAGE_REGISTRY_PASSWORD", "secret");

    repositories
        .open(basic.host() + "/joe/env", Optional.empty(), Retries.USUAL, environment)
        .checkWriteAccess();

    assertThat(basic.raw("GET", "/v2/").statusCode()).isEqualTo(401);
  }
}

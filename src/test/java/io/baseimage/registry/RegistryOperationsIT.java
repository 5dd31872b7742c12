package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the port, on a registry in a good mood. */
final class RegistryOperationsIT {
  private static final byte[] CONFIG = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
  private static final byte[] LAYER = bytes("not really a layer");
  private static final Manifest MANIFEST = Repositories.manifest(CONFIG, LAYER);

  @TempDir static Path folder;
  private static RegistryServer server;

  private final Repositories repositories = new Repositories();

  @BeforeAll
  static void start() throws Exception {
    server =
        new RegistryServer(folder, RegistryServer.Storage.DISK, RegistryServer.Doors.OPEN, true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Registry open(String path) {
    return repositories.open(server.host() + "/" + path);
  }

  private static Registry filled(Registry registry) {
    registry.upload(Digest.of(CONFIG), CONFIG.length, ContentSource.of(CONFIG), sent -> {});
    registry.upload(Digest.of(LAYER), LAYER.length, ContentSource.of(LAYER), sent -> {});
    return registry;
  }

  @Test
  void putStoresEveryByteWhenJsonIsOdd() {
    Registry registry = filled(open("joe/odd"));

    registry.put(MANIFEST.digest().toString(), MANIFEST);
    registry.put("24.04", MANIFEST);

    var stored = server.raw("GET", "/v2/joe/odd/manifests/24.04", "Accept", Repositories.OCI);
    assertThat(stored.body()).isEqualTo(MANIFEST.bytes());
    assertThat(registry.manifest("24.04")).contains(MANIFEST);
    assertThat(registry.manifest(MANIFEST.digest().toString())).contains(MANIFEST);
    assertThat(registry.digest("24.04")).contains(MANIFEST.digest());
    assertThat(registry.tags()).containsExactly("24.04");
  }

  @Test
  void readersFindNothingWhenRepositoryIsNew() {
    Registry registry = open("joe/new");

    assertThat(registry.tags()).isEmpty();
    assertThat(registry.manifest("latest")).isEmpty();
    assertThat(registry.digest("latest")).isEmpty();
    assertThat(registry.hasBlob(Digest.of(CONFIG))).isFalse();
    assertThatThrownBy(() -> registry.blob(Digest.of(CONFIG), 100))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND));
  }

  @Test
  void uploadTellsProgressWhenBytesGoOut() {
    Registry registry = open("joe/progress");
    List<Long> progress = new ArrayList<>();
    byte[] blob = new byte[300_000];

    registry.upload(Digest.of(blob), blob.length, ContentSource.of(blob), progress::add);

    assertThat(progress).startsWith(0L).endsWith(300_000L).isSorted();
    assertThat(registry.hasBlob(Digest.of(blob))).isTrue();
    assertThat(registry.blob(Digest.of(blob), blob.length)).isEqualTo(blob);
    assertThatThrownBy(() -> registry.blob(Digest.of(blob), blob.length - 1))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.WRONG_CONTENT));
  }

  @Test
  void uploadFailsWhenContentIsNotWhatItShouldBe() {
    Registry registry = open("joe/wrong");

    for (byte[] content :
        List.of(bytes("x"), bytes("not really a layes"), bytes("not really a layer, longer"))) {
      assertThatThrownBy(
              () ->
                  registry.upload(
                      Digest.of(LAYER), LAYER.length, ContentSource.of(content), sent -> {}))
          .isInstanceOfSatisfying(
              RegistryException.class,
              e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.WRONG_CONTENT));
    }
    assertThatThrownBy(
            () ->
                registry.upload(
                    Digest.of(LAYER), 3, ContentSource.of(Path.of("/nonexistent")), sent -> {}))
        .hasMessageContaining("cannot be read here");
    assertThat(registry.hasBlob(Digest.of(LAYER))).isFalse();
    assertThat(repositories.log.info).isEmpty();
  }

  @Test
  void mountTakesBlobOverWhenSourceHasIt() {
    filled(open("joe/source"));
    Registry target = open("joe/target");

    assertThat(target.mount(Digest.of(LAYER), Repositories.beside(target, "joe/source"))).isTrue();
    assertThat(target.hasBlob(Digest.of(LAYER))).isTrue();
    assertThat(target.mount(Digest.of(bytes("other")), Repositories.beside(target, "joe/source")))
        .isFalse();
    assertThat(target.mount(Digest.of(LAYER), Repositories.beside(target, "joe/nowhere")))
        .isFalse();
  }

  @Test
  void deleteRemovesTagsWhenItIsAllowed() {
    Registry registry = filled(open("joe/deleted"));
    registry.put("a", MANIFEST);

    assertThat(registry.delete(MANIFEST.digest())).isTrue();

    assertThat(registry.manifest("a")).isEmpty();
    assertThat(registry.delete(MANIFEST.digest())).isTrue();
  }

  @Test
  void deleteSaysNoWhenServerDoesNotAllowIt(@TempDir Path other) throws Exception {
    try (RegistryServer strict =
        new RegistryServer(other, RegistryServer.Storage.DISK, RegistryServer.Doors.OPEN, false)) {
      Registry registry = filled(repositories.open(strict.host() + "/joe/kept"));
      registry.put("a", MANIFEST);

      assertThat(registry.delete(MANIFEST.digest())).isFalse();
      assertThat(registry.digest("a")).contains(MANIFEST.digest());
    }
  }

  @Test
  void checkWriteAccessCancelsItsUploadWhenItMayUpload() throws Exception {
    try (FaultProxy proxy = new FaultProxy(server.port())) {
      repositories.open(proxy.host() + "/joe/access").checkWriteAccess();

      assertThat(proxy.log)
          .extracting(seen -> seen.method() + " " + seen.status())
          .containsExactly("GET 200", "POST 202", "DELETE 204");
    }
  }

  @Test
  void blobIsReadWithoutThePasswordWhenRegistrySendsUsElsewhere(@TempDir Path another)
      throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer store =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI().getPath()
                  + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
          exchange.sendResponseHeaders(200, CONFIG.length);
          exchange.getResponseBody().write(CONFIG);
          exchange.close();
        });
    store.start();
    try (RegistryServer redirecting =
        new RegistryServer(
            another,
            RegistryServer.Storage.DISK,
            RegistryServer.Doors.basic(another)
                .readElsewhere("http://127.0.0.1:" + store.getAddress().getPort()),
            true)) {
      Registry registry =
          filled(
              repositories.open(
                  redirecting.host() + "/joe/elsewhere", Optional.of(Repositories.joe())));

      assertThat(registry.blob(Digest.of(CONFIG), 100)).isEqualTo(CONFIG);

      String hex = Digest.of(CONFIG).hex();
      assertThat(asked).isNotEmpty().allMatch(each -> each.contains(hex) && each.endsWith("[]"));
    } finally {
      store.stop(0);
    }
  }

  @Test
  void skopeoReadsWhatWasPutWhenItIsAnImage() throws Exception {
    filled(open("joe/image")).put("1", MANIFEST);

    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "inspect",
                "--raw",
                "--tls-verify=false",
                "docker://" + server.host() + "/joe/image:1")
            .start();

    assertThat(skopeo.getInputStream().readAllBytes()).isEqualTo(MANIFEST.bytes());
    assertThat(skopeo.waitFor()).isZero();
  }

  @Test
  void putFailsWhenBlobsAreMissing() {
    assertThatThrownBy(() -> open("joe/incomplete").put("1", MANIFEST))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.REFUSED))
        .hasMessageContaining("MANIFEST_BLOB_UNKNOWN");
    assertThat(repositories.clockwork.slept).isEmpty();
  }
}

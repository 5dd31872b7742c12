package io.baseimage.registry;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.Registry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Repositories for tests, and what they store. */
final class Repositories {
  static final String OCI = "application/vnd.oci.image.manifest.v1+json";

  final RecordingLog log = new RecordingLog();
  final FakeClockwork clockwork = new FakeClockwork();

  /** A repository that nobody needs to log in to. */
  Registry open(String name) {
    return open(name, Optional.empty());
  }

  Registry open(String name, Optional<Login> login) {
    return open(name, login, Retries.USUAL);
  }

  Registry open(String name, Optional<Login> login, Retries retries) {
    return open(name, login, retries, Map.of());
  }

  Registry open(
      String name, Optional<Login> login, Retries retries, Map<String, String> environment) {
    ImageReference reference = ImageReference.parse(name);
    return new JibRegistries(
            new RegistrySettings(environment, Path.of("/nonexistent"), reference, login, retries),
            log,
            clockwork)
        .open(reference);
  }

  /** Another repository of the same registry. */
  static ImageReference beside(Registry registry, String path) {
    String server = registry.repository().repository().replaceFirst("/.*", "");
    return new ImageReference(server + "/" + path, null, null);
  }

  static Login joe() {
    return Login.of(RegistryServer.USER, RegistryServer.PASSWORD);
  }

  static Retries quick() {
    return new Retries(Duration.ofMinutes(10), Duration.ofMillis(400));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A manifest with odd spaces, which any rewriting would lose. */
  static Manifest manifest(byte[] config, byte[] layer) {
    return new Manifest(
        OCI,
        bytes(
            """
            {"schemaVersion": 2,  "mediaType":"%s",
              "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
              "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}],
              "annotations":{"odd":"\\u00e4 ä"} }
            """
                .formatted(OCI, Digest.of(config), config.length, Digest.of(layer), layer.length)));
  }
}

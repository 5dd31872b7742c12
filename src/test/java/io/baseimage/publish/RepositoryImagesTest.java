package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.inventory.CycloneDx;
import io.baseimage.pipeline.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RepositoryImagesTest {
  private static final Platform AMD64 = Platform.parse("linux/amd64");
  private static final Platform ARM64 = Platform.parse("linux/arm64");

  private final FakeRegistry.Contents contents = new FakeRegistry.Contents();
  private final FakeRegistry registry =
      new FakeRegistry(contents, new PublisherQueueTest.Virtual(), Duration.ofMillis(2), 1);
  private final ImageReference name = registry.repository().withTag("one");

  @Test
  void describeWhenTheOnlyImageIsForAnotherPlatformRefusesIt() {
    tag("one", image(AMD64));

    assertThat(describe(Optional.of(AMD64))).isEqualTo(AMD64);
    assertThatThrownBy(() -> describe(Optional.of(ARM64)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("it is for linux/amd64 and not for linux/arm64")
        .extracting(e -> ((RegistryException) e).kind())
        .isEqualTo(RegistryException.Kind.NOT_FOUND);
    assertThatThrownBy(() -> images().sbom(name, Optional.of(ARM64)))
        .hasMessageContaining("it is for linux/amd64 and not for linux/arm64");
  }

  @Test
  void describeWhenNoPlatformIsAskedForTakesTheOnlyImage() {
    tag("one", image(ARM64));

    assertThat(describe(Optional.empty())).isEqualTo(ARM64);
  }

  @Test
  void describeWhenAnIndexHasNotThePlatformRefusesIt() {
    Manifest amd64 = image(AMD64);
    tag("one", put(Manifests.index(List.of(amd64), List.of(AMD64), Map.of())));

    assertThat(describe(Optional.of(AMD64))).isEqualTo(AMD64);
    assertThatThrownBy(() -> describe(Optional.of(ARM64)))
        .hasMessageContaining("it is for linux/amd64 and not for linux/arm64");
  }

  private Platform describe(Optional<Platform> platform) {
    return images().describe(name, platform).platform();
  }

  private RepositoryImages images() {
    return new RepositoryImages(registry, new CycloneDx("1"), AMD64);
  }

  private Manifest image(Platform platform) {
    byte[] config =
        "{\"os\":\"%s\",\"architecture\":\"%s\"}"
            .formatted(platform.os(), platform.architecture())
            .getBytes(UTF_8);
    contents.blobs.put(Digest.of(config), config);
    return put(
        Manifests.image(
            new StoredImage(
                platform, Digest.of(config), config.length, Optional.empty(), List.of()),
            Map.of()));
  }

  private Manifest put(Manifest manifest) {
    contents.manifests.put(manifest.digest(), manifest);
    return manifest;
  }

  private void tag(String tag, Manifest manifest) {
    contents.tags.put(tag, manifest.digest());
  }
}

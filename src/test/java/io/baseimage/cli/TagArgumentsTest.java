package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.publish.Release;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TagArgumentsTest {
  private static final String OCI = "org.opencontainers.image.";

  @Test
  void releasesWhenPlatformsDifferSayOnlyWhatIsTrueOfEach() {
    List<Release> releases =
        new TagArguments()
            .releases(
                List.of(
                    image("amd64", "debian-12", "2026-11-21T10:00:00Z"),
                    image("arm64", "debian-12", "2026-11-21T11:00:00Z"),
                    image("amd64", "ubuntu-16.04", "2026-11-21T09:00:00Z")));

    assertThat(releases)
        .extracting(release -> release.rule().variant() + " " + release.aliases())
        .containsExactly("debian-12 [debian-12]", "ubuntu-16.04 [ubuntu-16.04, latest]");
    assertThat(releases.get(0).annotations())
        .isEqualTo(
            Map.of(
                "io.baseimage.variant",
                "debian-12",
                OCI + "title",
                "A title",
                OCI + "created",
                "2026-11-21T11:00:00Z"));
    assertThat(releases.get(1).annotations())
        .containsEntry(OCI + "base.digest", "of ubuntu-16.04 amd64");
  }

  private static EngineImage image(String architecture, String variant, String created) {
    return new EngineImage(
        Digest.of((architecture + variant).getBytes(StandardCharsets.UTF_8)),
        List.of(),
        List.of(),
        new Platform("linux", architecture),
        1,
        Instant.EPOCH,
        Map.of(
            "io.baseimage.variant",
            variant,
            OCI + "title",
            "A title",
            OCI + "created",
            created,
            OCI + "base.digest",
            "of " + variant + " " + architecture),
        List.of());
  }
}

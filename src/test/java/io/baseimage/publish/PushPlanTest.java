package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.publish.Claim.State;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PushPlanTest {
  private static final TagRule RULE = TagRule.usual("debian-12");
  private static final Platform AMD64 = new Platform("linux", "amd64");
  private static final Platform ARM64 = new Platform("linux", "arm64");
  private static final ImageReference REPOSITORY =
      ImageReference.parse("registry.example/joe/baseimage");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private final FakeRegistry.Contents contents = new FakeRegistry.Contents();

  @Test
  void ofGivesTheNextNumberThatNobodyMayBeSettingAndWritesNothing() {
    put(
        "publisher-x",
        new Claim(
                State.IDLE,
                0,
                "x",
                1,
                Duration.ofSeconds(20),
                Set.of("debian-12-2026.11-000", "debian-13-2026.11-004"),
                Note.ARTIFACT)
            .manifest());

    assertThat(plan().of(REPOSITORY, RULE, List.of("debian-12", "latest"), List.of(AMD64)))
        .containsExactly(
            "leave out registry.example/joe/baseimage:debian-12-2026.11-000, which somebody may be"
                + " setting still",
            "publish registry.example/joe/baseimage:debian-12-2026.11-001",
            "  then move registry.example/joe/baseimage:debian-12",
            "  then move registry.example/joe/baseimage:latest");
    assertThat(contents.history).isEmpty();
  }

  @Test
  void ofWhenAnAliasWouldLoseAPlatformRefusesAsThePublicationDoes() {
    Manifest image = Manifests.note("application/vnd.of.tests", Map.of());
    put("debian-12", Manifests.index(List.of(image, image), List.of(AMD64, ARM64), Map.of()));

    assertThatThrownBy(() -> plan().of(REPOSITORY, RULE, List.of("debian-12"), List.of(AMD64)))
        .hasMessageContaining("for linux/arm64, too");
  }

  private void put(String tag, Manifest manifest) {
    contents.manifests.put(manifest.digest(), manifest);
    contents.tags.put(tag, manifest.digest());
  }

  private PushPlan plan() {
    FakeRegistry registry =
        new FakeRegistry(contents, new PublisherQueueTest.Virtual(), Duration.ofMillis(2), 1);
    return new PushPlan(name -> registry, folder, NOVEMBER);
  }
}

package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RollbackTest {
  private static final TagRule RULE = TagRule.usual("debian-12");
  private static final ImageVersion FIRST = ImageVersion.parse("2026.11-000");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private final Ticker virtual = new PublisherQueueTest.Virtual();
  private final FakeRegistry.Contents contents = new FakeRegistry.Contents();

  @Test
  void toMovesEveryAliasOffWithdrawnVersionsWhoeverSetIt() {
    versions("debian-12", 2);
    alias("debian-12", "debian-12-2026.11-001");
    alias("latest", "debian-12-2026.11-001");
    alias("stable", "debian-12-2026.11-001");
    alias("old", "debian-12-2026.11-000");

    Rollback.Outcome outcome = rollback(registry(), Optional.empty());

    assertThat(outcome.withdrawn()).hasToString("[2026.11-001]");
    assertThat(outcome.aliases())
        .extracting(each -> Objects.requireNonNull(each.tag()))
        .containsExactly("debian-12", "latest", "stable");
    for (String alias : List.of("debian-12", "latest", "stable", "old")) {
      assertThat(contents.tags.get(alias)).isEqualTo(contents.tags.get("debian-12-2026.11-000"));
    }
  }

  @Test
  void toLeavesAliasesOfOtherVariantsAndWhateverIsNoAlias() {
    versions("debian-12", 2);
    versions("debian-13", 2);
    alias("debian-12", "debian-12-2026.11-001");
    alias("debian-13", "debian-13-2026.11-001");
    alias("latest", "debian-13-2026.11-001");
    // Versions by another pattern, and what a signature has there.
    alias("2026.11-001", "debian-12-2026.11-001");
    alias("2026.11-001-amd64", "debian-12-2026.11-001");
    alias("v2026.11-001-of-debian", "debian-12-2026.11-001");
    alias("other-2026.11-007", "debian-12-2026.11-001");
    alias("sha256-" + "0".repeat(64), "debian-12-2026.11-001");
    Map<String, Digest> before = new HashMap<>(contents.tags);

    assertThat(rollback(registry(), Optional.empty()).aliases()).hasSize(1);

    before.put("debian-12", Objects.requireNonNull(contents.tags.get("debian-12-2026.11-000")));
    assertThat(contents.tags).containsAllEntriesOf(before);
  }

  @Test
  void toWhenAnEarlierOneLeftAnAliasCompletesItAndGoesNoFurther() {
    versions("debian-12", 4);
    alias("debian-12", "debian-12-2026.11-003");
    rollback(registry(), Optional.of(ImageVersion.parse("2026.11-001")));
    alias("latest", "debian-12-2026.11-003");

    Rollback.Outcome second = rollback(registry(), Optional.empty());

    assertThat(second.to()).hasToString("2026.11-001");
    assertThat(second.withdrawn()).isEmpty();
    assertThat(contents.tags.get("latest")).isEqualTo(contents.tags.get("debian-12-2026.11-001"));
    assertThat(contents.tags.get("debian-12"))
        .isEqualTo(contents.tags.get("debian-12-2026.11-001"));
  }

  @Test
  void toWhenWhatAnEarlierOneWentToIsWithdrawnTooGoesWhereThatWent() {
    versions("debian-12", 3);
    alias("debian-12", "debian-12-2026.11-002");
    rollback(registry(), Optional.empty());
    rollback(registry(), Optional.empty());
    alias("latest", "debian-12-2026.11-002");

    assertThat(rollback(registry(), Optional.empty()).to()).isEqualTo(FIRST);
    assertThat(contents.tags.get("latest")).isEqualTo(contents.tags.get("debian-12-2026.11-000"));
  }

  @Test
  void toWhenANewerVersionCameAfterAnIncompleteOneWithdrawsThatOneAlone() {
    versions("debian-12", 2);
    alias("debian-12", "debian-12-2026.11-001");
    rollback(registry(), Optional.empty());
    alias("latest", "debian-12-2026.11-001");
    version("debian-12", "2026.11-002");
    version("debian-12", "2026.11-003");
    alias("debian-12", "debian-12-2026.11-003");

    Rollback.Outcome outcome = rollback(registry(), Optional.empty());

    assertThat(outcome.to()).hasToString("2026.11-002");
    assertThat(outcome.withdrawn()).hasToString("[2026.11-003]");
    assertThat(contents.tags.get("latest")).isEqualTo(contents.tags.get("debian-12-2026.11-002"));
  }

  @Test
  void toWhenItDiesAtAnyMomentIsCompletedWithoutBeingToldWhereItWent() {
    boolean died = true;
    for (int moment = 0; died; moment++) {
      contents.tags.clear();
      versions("debian-12", 4);
      alias("debian-12", "debian-12-2026.11-003");
      alias("latest", "debian-12-2026.11-003");
      FakeRegistry dying = registry();
      dying.diesAfter = moment;
      died = false;
      try {
        rollback(dying, Optional.of(FIRST));
      } catch (FakeRegistry.Death e) {
        died = true;
      }
      boolean begun = contents.tags.keySet().stream().anyMatch(tag -> tag.endsWith("-withdrawn"));
      boolean done = version("debian-12", "2026.11-000").equals(contents.tags.get("latest"));
      // One that died after all was done is a complete one: another goes back further.
      if (begun && !done) {
        assertThat(rollback(registry(), Optional.empty()).to()).as("" + moment).isEqualTo(FIRST);
      }
      if (begun) {
        assertThat(contents.tags)
            .containsKeys(
                "debian-12-2026.11-001-withdrawn",
                "debian-12-2026.11-002-withdrawn",
                "debian-12-2026.11-003-withdrawn")
            .containsEntry("debian-12", version("debian-12", "2026.11-000"))
            .containsEntry("latest", version("debian-12", "2026.11-000"));
      }
    }
  }

  @Test
  void planTellsWhatWouldBeDoneAndWritesNothing() {
    versions("debian-12", 2);
    alias("debian-12", "debian-12-2026.11-001");
    alias("latest", "debian-12-2026.11-001");
    contents.history.clear();

    RollbackPlan plan = on(registry()).plan(RULE, Optional.empty(), List.of("debian-12"));

    assertThat(plan.to()).isEqualTo(FIRST);
    assertThat(plan.withdrawn()).hasToString("[2026.11-001]");
    assertThat(plan.moves())
        .extracting(move -> Objects.requireNonNull(move.alias().tag()))
        .containsExactly("debian-12", "latest");
    assertThat(plan.moves())
        .extracting(RollbackPlan.Move::from)
        .hasToString("[2026.11-001, 2026.11-001]");
    assertThat(contents.history).isEmpty();
    assertThat(contents.tags).hasSize(4);
    assertThatThrownBy(
            () ->
                on(registry())
                    .plan(
                        RULE, Optional.of(ImageVersion.parse("2026.11-009")), List.of("debian-12")))
        .hasMessageContaining("there is no debian-12-2026.11-009");
  }

  private void versions(String variant, int count) {
    for (int i = 0; i < count; i++) {
      version(variant, "2026.11-00" + i);
    }
  }

  private Digest version(String variant, String version) {
    Manifest manifest =
        Manifests.note(
            "application/vnd.of.tests",
            Map.of(VersionManifests.VERSION, version, ImageRecipe.VARIANT_LABEL, variant));
    contents.manifests.put(manifest.digest(), manifest);
    contents.tags.put(variant + "-" + version, manifest.digest());
    return manifest.digest();
  }

  private void alias(String alias, String tag) {
    contents.tags.put(alias, Objects.requireNonNull(contents.tags.get(tag)));
  }

  private Rollback.Outcome rollback(FakeRegistry registry, Optional<ImageVersion> to) {
    return on(registry).to(RULE, to, List.of("debian-12"));
  }

  private Rollback on(FakeRegistry registry) {
    return new Rollback(
        registry,
        PublisherQueueTest.queue(registry, folder.resolve("state"), registry.ticker),
        NOVEMBER,
        PublisherQueueTest.log());
  }

  private FakeRegistry registry() {
    return new FakeRegistry(contents, virtual, Duration.ofMillis(2), 1);
  }
}

package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.cli.RebaseProgress.PlacedRelease;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Naming;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Release;
import io.baseimage.publish.TagChange;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.publish.TagChange.State;
import io.baseimage.rebuild.FreshnessCheck.Subject;
import io.baseimage.rebuild.Rebase;
import io.baseimage.rebuild.Rebase.Outcome;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RebaseProgressTest {
  private static final ImageReference NAME = ImageReference.parse("joe/baseimage");
  private static final ImageReference OTHER = ImageReference.parse("joe/baseimage-amzn");
  private static final Digest DIGEST = Digest.of(new byte[] {1});

  private final EngineException gone =
      new EngineException(EngineException.Kind.UNREACHABLE, "the engine is gone");
  private final VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
  private final Prepared first = prepared("debian-12", NAME, Outcome.POSSIBLE);
  private final Prepared second = prepared("debian-13", NAME, Outcome.POSSIBLE);
  private final Prepared elsewhere = prepared("amazonlinux-2", OTHER, Outcome.POSSIBLE);
  private final Prepared refused = prepared("ubuntu-24.04", NAME, Outcome.REFUSED);
  private final RebaseProgress progress =
      new RebaseProgress(List.of(first, refused, second, elsewhere));

  @Test
  void stoppedWhenNothingWasDoneCallsWhatWasPossibleNotReached() {
    progress.stopped();

    assertThat(progress.rebases())
        .extracting(Rebase::outcome)
        .containsExactly(
            Outcome.NOT_REACHED, Outcome.REFUSED, Outcome.NOT_REACHED, Outcome.NOT_REACHED);
    assertThat(progress.possible()).isEmpty();
  }

  @Test
  void proveWhenAllKeepTheContractLeavesThemPossible() {
    assertThat(RebasePublishing.prove(progress, each -> {}, 2)).isTrue();

    assertThat(progress.possible()).containsExactly(first, second, elsewhere);
  }

  @Test
  void proveWhenOneBreaksTheContractFailsAll() {
    boolean proven = RebasePublishing.prove(progress, each -> requireNot(each, second), 2);

    assertThat(proven).isFalse();
    assertThat(outcomes())
        .containsExactly(
            "debian-12 FAILED not published, as the runtime breaks the contract elsewhere",
            "ubuntu-24.04 REFUSED ",
            "debian-13 FAILED " + broken().getMessage(),
            "amazonlinux-2 FAILED not published, as the runtime breaks the contract elsewhere");
  }

  @Test
  void proveWhenTheEngineGoesAwayNamesWhatItFailedOnAndNoOther() {
    assertThatThrownBy(
            () ->
                RebasePublishing.prove(
                    progress,
                    each -> {
                      requireNot(each, first);
                      if (each.equals(second)) {
                        throw gone;
                      }
                    },
                    1))
        .isSameAs(gone);
    progress.stopped();

    assertThat(outcomes())
        .containsExactly(
            "debian-12 FAILED " + broken().getMessage(),
            "ubuntu-24.04 REFUSED ",
            "debian-13 FAILED not checked: the engine is gone",
            "amazonlinux-2 NOT_REACHED ");
  }

  @Test
  void endedWhenARegistryFailsInTheMiddleTellsWhatIsPublished() {
    progress.ended(
        releases(),
        List.of(
            change(NAME, Kind.VERSION, "debian-12-2026.11-004", State.SET),
            change(NAME, Kind.VERSION, "debian-13-2026.11-007", State.UNKNOWN),
            change(NAME, Kind.ALIAS, "debian-12", State.SET),
            change(NAME, Kind.ALIAS, "debian-13", State.NOT_SET),
            change(OTHER, Kind.VERSION, "amazonlinux-2-{version}", State.NOT_SET),
            change(OTHER, Kind.ALIAS, "amazonlinux-2", State.NOT_SET)),
        true);
    progress.stopped();

    assertThat(outcomes())
        .containsExactly(
            "debian-12 PUBLISHED ",
            "ubuntu-24.04 REFUSED ",
            "debian-13 FAILED perhaps published as joe/baseimage:debian-13-2026.11-007",
            "amazonlinux-2 NOT_REACHED ");
    Rebase published = progress.rebases().get(0);
    assertThat(published.isProven()).isTrue();
    assertThat(published.published().orElseThrow())
        .hasToString(
            "Published[name=joe/baseimage:debian-12-2026.11-004, version=2026.11-004, digest="
                + DIGEST
                + ", aliases=[joe/baseimage:debian-12]]");
  }

  @Test
  void endedWhenAnAliasIsLeftOutSaysWhich() {
    progress.ended(
        releases(),
        List.of(
            change(NAME, Kind.ALIAS, "debian-12", State.UNKNOWN),
            change(NAME, Kind.ALIAS, "debian-13", State.NOT_SET),
            change(NAME, Kind.VERSION, "debian-12-2026.11-004", State.SET),
            change(NAME, Kind.VERSION, "debian-13-2026.11-007", State.SET),
            change(OTHER, Kind.VERSION, "amazonlinux-2-2026.11-000", State.SET),
            change(OTHER, Kind.ALIAS, "amazonlinux-2", State.SET)),
        false);

    assertThat(outcomes())
        .containsExactly(
            "debian-12 PUBLISHED aliases that were not moved: debian-12 (perhaps)",
            "ubuntu-24.04 REFUSED ",
            "debian-13 PUBLISHED aliases that were not moved: debian-13",
            "amazonlinux-2 PUBLISHED ");
  }

  private List<String> outcomes() {
    return progress.rebases().stream()
        .map(each -> each.variant() + " " + each.outcome() + " " + each.failure().orElse(""))
        .toList();
  }

  private static void requireNot(Prepared prepared, Prepared breaking) {
    if (prepared.equals(breaking)) {
      throw broken();
    }
  }

  private static ChecksFailedException broken() {
    return new ChecksFailedException("x", new CheckReport("image", List.of(), Duration.ZERO));
  }

  private static TagChange change(ImageReference repository, Kind kind, String tag, State state) {
    return new TagChange(
        repository,
        kind,
        tag,
        state == State.NOT_SET ? Optional.empty() : Optional.of(DIGEST),
        state);
  }

  private Map<Prepared, PlacedRelease> releases() {
    Map<Prepared, PlacedRelease> releases = new LinkedHashMap<>();
    for (Prepared each : List.of(first, second, elsewhere)) {
      Naming naming = each.subject().naming();
      EngineImage image =
          new EngineImage(
              DIGEST,
              List.of(),
              List.of(),
              Platform.parse("linux/amd64"),
              0,
              Instant.EPOCH,
              Map.of(),
              List.of());
      releases.put(
          each,
          new PlacedRelease(
              each.subject().repository(),
              new Release(
                  naming.rule(), List.of(each.rebase().variant()), List.of(image), Map.of())));
    }
    return releases;
  }

  private Prepared prepared(String name, ImageReference repository, Outcome outcome) {
    Variant variant = catalog.get(name);
    CurrentVersion before =
        new CurrentVersion(repository.withTag(name), Optional.empty(), DIGEST, List.of());
    return new Prepared(
        new Subject(variant, Naming.of(variant), repository),
        new Rebase(
            name,
            repository,
            Optional.of(before),
            outcome,
            List.of(),
            false,
            Optional.empty(),
            Optional.empty()),
        List.of());
  }
}

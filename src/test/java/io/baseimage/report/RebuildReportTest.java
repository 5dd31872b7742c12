package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDescription.Place;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageDifference.Change;
import io.baseimage.publish.Published;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebuild;
import io.baseimage.rebuild.Rebuild.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RebuildReportTest {
  private static final Reason ASKED = new Reason.AskedFor();
  private static final Freshness FRESH = freshness("debian-12", List.of(), List.of());
  private static final Freshness STALE =
      freshness(
          "debian-13",
          List.of(Reason.Changed.RUNTIME, new Reason.OtherBase("a|b", "c")),
          List.of("the archive:\n  503"));
  private static final Freshness UNKNOWN =
      freshness("ubuntu-24.04", List.of(), List.of("the archive"));

  private static final List<Rebuild> ALL =
      List.of(
          rebuild(FRESH, Outcome.NOT_NEEDED, List.of(), List.of()),
          rebuild(
              STALE,
              Outcome.PUBLISHED,
              STALE.reasons(),
              List.of(
                  difference("linux/amd64", true),
                  difference("linux/arm64", true),
                  difference("linux/386", false))),
          rebuild(FRESH, Outcome.SAME, List.of(ASKED), List.of(difference("linux/amd64", true))),
          new Rebuild(
              STALE,
              Outcome.FAILED,
              List.of(ASKED),
              List.of(),
              Optional.empty(),
              Optional.of("step 2 failed:\n  E: no | such package")),
          rebuild(UNKNOWN, Outcome.UNKNOWN, List.of(), List.of()));

  @Test
  void textWhenSeveralWereRebuiltTellsWhatBecameOfEachAndWhy() {
    assertThat(RebuildReport.text(ALL))
        .isEqualTo(
            """
            debian-12     2026.11-003                fresh, not built
            debian-13     2026.11-003 → 2026.11-004  published
              the runtime has changed
              another base: a|b → c
              unknown: the archive: 503
            debian-12     2026.11-003                built, same content, dropped
              asked for
            debian-13     2026.11-003                failed
              asked for
              unknown: the archive: 503
              failed: step 2 failed: E: no | such package
            ubuntu-24.04  2026.11-003                unknown, not built
              unknown: the archive
              run it again when that is mended, or build it without --if-needed
            """);
  }

  @Test
  void markdownWhenPlatformsDifferShowsEachThatDoes() {
    assertThat(RebuildReport.markdown(ALL.subList(0, 2)))
        .isEqualTo(
            """
            # Rebuild

            | Variant | Version | Result |
            | --- | --- | --- |
            | `debian-12` | 2026.11-003 | fresh, not built |
            | `debian-13` | 2026.11-003 → 2026.11-004 | published |

            ## debian-13

            - the runtime has changed
            - another base: a\\|b → c
            - unknown: the archive: 503

            """
                + DifferenceReport.markdown(difference("linux/amd64", true))
                + "\n"
                + DifferenceReport.markdown(difference("linux/arm64", true)));
  }

  @Test
  void markdownWhenWhatWasBuiltIsTheSameOrHasFailedShowsNoDifference() {
    assertThat(RebuildReport.markdown(ALL.subList(2, 4)))
        .isEqualTo(
            """
            # Rebuild

            | Variant | Version | Result |
            | --- | --- | --- |
            | `debian-12` | 2026.11-003 | built, same content, dropped |
            | `debian-13` | 2026.11-003 | failed |

            ## debian-12

            - asked for

            ## debian-13

            - asked for
            - unknown: the archive: 503
            - failed: step 2 failed: E: no \\| such package
            """);
  }

  @Test
  void jsonWhenSeveralWereRebuiltHasAnObjectForEach() throws JsonProcessingException {
    JsonNode all = new ObjectMapper().readTree(RebuildReport.json(ALL));

    assertThat(all.findValuesAsText("outcome"))
        .containsExactly("not-needed", "published", "same", "failed", "unknown");
    assertThat(all.get(0).path("new").isNull()).isTrue();
    assertThat(all.get(0).path("differences")).isEmpty();
    assertThat(all.get(1).path("new").path("version").asText()).isEqualTo("2026.11-004");
    assertThat(all.get(1).path("differences")).hasSize(3);
    assertThat(all.get(1).path("differences").get(1).path("to").path("platform").asText())
        .isEqualTo("linux/arm64");
    assertThat(all.get(3).path("builtFor")).hasToString("[\"asked for\"]");
    assertThat(all.get(3).path("failure").asText())
        .isEqualTo("step 2 failed:\n  E: no | such package");
  }

  private static Rebuild rebuild(
      Freshness freshness,
      Outcome outcome,
      List<Reason> reasons,
      List<ImageDifference> differences) {
    Optional<Published> now =
        outcome == Outcome.PUBLISHED
            ? Versions.now(freshness.variant(), "2026.11-004")
            : Optional.empty();
    return new Rebuild(freshness, outcome, reasons, differences, now, Optional.empty());
  }

  private static Freshness freshness(String variant, List<Reason> reasons, List<String> doubts) {
    return new Freshness(
        variant,
        Versions.NAME,
        Versions.before(variant, "2026.11-003"),
        reasons,
        doubts,
        Optional.empty());
  }

  private static ImageDifference difference(String platform, boolean differs) {
    return new ImageDifference(
        image(platform, Place.REGISTRY),
        image(platform, Place.ENGINE),
        Optional.of(List.of()),
        Optional.of(List.of()),
        differs ? List.of(new Change("ENV A", Optional.of("1"), Optional.of("2"))) : List.of());
  }

  private static ImageDescription image(String platform, Place place) {
    return new ImageDescription(
        Versions.NAME + ":1",
        place,
        Versions.OLD,
        Platform.parse(platform),
        1_000_000,
        new ImageConfiguration(new TreeMap<>()),
        Optional.empty());
  }
}

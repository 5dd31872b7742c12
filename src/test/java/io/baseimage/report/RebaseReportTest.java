package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebase;
import io.baseimage.rebuild.Rebase.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RebaseReportTest {
  private static final Rebase POSSIBLE =
      rebase(
          "debian-12",
          Versions.before("debian-12", "2026.11-003"),
          Outcome.POSSIBLE,
          new Reason.ChangedFiles(List.of("/etc/my|file", "/sbin/my_init")));

  private static final List<Rebase> ALL =
      List.of(
          POSSIBLE.published(Versions.now("debian-12", "2026.11-004").orElseThrow(), true),
          POSSIBLE
              .published(Versions.now("debian-12", "2026.11-004").orElseThrow(), false)
              .but("aliases that were not moved: latest"),
          rebase("debian-13", Optional.empty(), Outcome.REFUSED)
              .failed("BOOT-1 is broken:\n  seen | otherwise"),
          rebase("ubuntu-24.04", Versions.withoutNumber("ubuntu-24.04"), Outcome.NOT_NEEDED),
          POSSIBLE.notReached());

  @Test
  void textWhenTheRunHasEndedInTheMiddleTellsWhatWasDoneAndWhatWasNot() {
    assertThat(RebaseReport.text(ALL))
        .isEqualTo(
            """
            debian-12     2026.11-003 → 2026.11-004  published
              the runtime has changed: /etc/my|file, /sbin/my_init
            debian-12     2026.11-003 → 2026.11-004  published, not checked
              the runtime has changed: /etc/my|file, /sbin/my_init
              aliases that were not moved: latest
            debian-13     -                          failed
              BOOT-1 is broken: seen | otherwise
            ubuntu-24.04  -                          not needed, the runtime is the same
            debian-12     2026.11-003                not reached, nothing published
              the runtime has changed: /etc/my|file, /sbin/my_init
            """);
  }

  @Test
  void markdownWhenAReasonHasAPipeOrALineEndKeepsItInItsPlace() {
    assertThat(RebaseReport.markdown(ALL.subList(2, 5)))
        .isEqualTo(
            """
            # Rebase

            | Variant | Version | Result |
            | --- | --- | --- |
            | `debian-13` | - | failed |
            | `ubuntu-24.04` | - | not needed, the runtime is the same |
            | `debian-12` | 2026.11-003 | not reached, nothing published |

            ## debian-13

            - BOOT-1 is broken: seen \\| otherwise

            ## debian-12

            - the runtime has changed: /etc/my\\|file, /sbin/my\\_init
            """);
  }

  @Test
  void jsonWhenTheRunHasEndedInTheMiddleHasAnObjectForEach() throws JsonProcessingException {
    JsonNode all = new ObjectMapper().readTree(RebaseReport.json(ALL));

    assertThat(all.findValuesAsText("outcome"))
        .containsExactly("published", "published", "failed", "not-needed", "not-reached");
    assertThat(all.findValuesAsText("proven"))
        .containsExactly("true", "false", "false", "false", "false");
    assertThat(all.get(0).path("new"))
        .hasToString(
            "{\"name\":\"joe/baseimage:debian-12-2026.11-004\",\"version\":\"2026.11-004\","
                + "\"digest\":\""
                + Versions.NEW
                + "\"}");
    assertThat(all.get(0).path("failure").isNull()).isTrue();
    assertThat(all.get(2).path("failure").asText())
        .isEqualTo("BOOT-1 is broken:\n  seen | otherwise");
    assertThat(all.get(2).path("version").isNull()).isTrue();
    assertThat(all.get(4).path("new").isNull()).isTrue();
    assertThat(all.get(4).path("digest").asText()).isEqualTo(Versions.OLD.toString());
  }

  private static Rebase rebase(
      String variant, Optional<CurrentVersion> before, Outcome outcome, Reason... reasons) {
    return new Rebase(
        variant,
        Versions.NAME,
        before,
        outcome,
        List.of(reasons),
        false,
        Optional.empty(),
        Optional.empty());
  }
}

package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Reason;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FreshnessReportTest {
  private static final LocalDate ENDED = LocalDate.parse("2021-04-30");

  private static final List<Freshness> ALL =
      List.of(
          freshness("debian-12", Versions.before("debian-12", "2026.11-003"), List.of(), List.of()),
          freshness(
              "ubuntu-24.04-full",
              Versions.withoutNumber("ubuntu-24.04-full"),
              List.of(
                  new Reason.NewerPackage(new Upgrade("odd|name", "1", "2", Upgrade.Security.YES)),
                  new Reason.OtherBase("a|b", "c"),
                  Reason.Changed.TEMPLATE),
              List.of("the archive did not answer:\n  503")),
          freshness("new", Optional.empty(), List.of(), List.of("x")),
          new Freshness(
              "ubuntu-16.04",
              Versions.NAME,
              Versions.before("ubuntu-16.04", "2026.10-000"),
              List.of(),
              List.of(),
              Optional.of(ENDED)));

  @Test
  void textWhenSeveralAreToldHasALineForEachAndOneForEachThing() {
    assertThat(FreshnessReport.text(ALL))
        .isEqualTo(
            """
            debian-12          2026.11-003   fresh
            ubuntu-24.04-full  %s  stale
              security: odd|name 1 → 2
              another base: a|b → c
              the templates have changed
              unknown: the archive did not answer: 503
            new                -             unknown
              unknown: x
            ubuntu-16.04       2026.10-000   cannot be patched
              the support of the release has ended on 2021-04-30
            """
                .formatted(Versions.OLD.abbreviated()));
  }

  @Test
  void markdownWhenAReasonHasAPipeOrALineEndKeepsItInItsPlace() {
    assertThat(FreshnessReport.markdown(ALL))
        .isEqualTo(
            """
            | Variant | Version |  |
            | --- | --- | --- |
            | `debian-12` | 2026.11-003 | fresh |
            | `ubuntu-24.04-full` | %s | stale |
            | `new` | - | unknown |
            | `ubuntu-16.04` | 2026.10-000 | cannot be patched |

            ### ubuntu-24.04-full

            - security: odd\\|name 1 → 2
            - another base: a\\|b → c
            - the templates have changed
            - unknown: the archive did not answer: 503

            ### new

            - unknown: x

            ### ubuntu-16.04

            - the support of the release has ended on 2021-04-30
            """
                .formatted(Versions.OLD.abbreviated()));
  }

  @Test
  void jsonWhenSeveralAreToldHasAnObjectForEach() throws JsonProcessingException {
    JsonNode all = new ObjectMapper().readTree(FreshnessReport.json(ALL));

    assertThat(all).hasSize(4);
    assertThat(all.get(0).path("published").asText()).isEqualTo("joe/baseimage:debian-12");
    assertThat(all.get(0).path("verdict").asText()).isEqualTo("fresh");
    assertThat(all.get(1).path("reasons").get(0))
        .hasToString(
            "{\"kind\":\"security\",\"text\":\"security: odd|name 1 → 2\",\"package\":\"odd|name\","
                + "\"before\":\"1\",\"after\":\"2\",\"security\":true}");
    assertThat(all.get(1).path("unknown").get(0).asText())
        .isEqualTo("the archive did not answer:\n  503");
    assertThat(all.get(2).path("published").isNull()).isTrue();
    assertThat(all.get(2).path("digest").isNull()).isTrue();
    assertThat(all.get(3).path("ended").asText()).isEqualTo("2021-04-30");
  }

  @Test
  void textWhenThereIsNothingToTellIsEmpty() {
    assertThat(FreshnessReport.text(List.of())).isEmpty();
  }

  private static Freshness freshness(
      String variant,
      Optional<CurrentVersion> published,
      List<Reason> reasons,
      List<String> doubts) {
    return new Freshness(variant, Versions.NAME, published, reasons, doubts, Optional.empty());
  }
}

package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.report.VariantList.Listed;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VariantListTest {
  private static final LocalDate TODAY = LocalDate.parse("2029-05-31");

  private final Variant variant = VariantCatalog.open(Path.of("variants")).get("ubuntu-24.04");

  @Test
  void tableWhenSeveralVersionsAreBuiltNamesTheNewestOfEachRepository() {
    Listed listed =
        new Listed(
            variant,
            Optional.of(
                List.of(
                    "joe/baseimage:ubuntu-24.04",
                    "joe/baseimage:ubuntu-24.04-2029.04-009",
                    "joe/baseimage:ubuntu-24.04-2029.05-000",
                    "joe/baseimage:ubuntu-24.04-stand-in",
                    "joe/baseimage:ubuntu-24.04-stand-in-2029.05-003",
                    "other:ubuntu-24.04-2029.01-000")));
    assertThat(VariantList.table(List.of(listed), TODAY).lines().toList().get(1))
        .endsWith(
            "joe/baseimage:ubuntu-24.04-2029.05-000"
                + " joe/baseimage:ubuntu-24.04-stand-in-2029.05-003"
                + " other:ubuntu-24.04-2029.01-000");
  }

  @Test
  void tableWhenThereAreSeveralPlatformsNamesTheNewestPlainly() {
    Listed listed =
        new Listed(
            variant,
            Optional.of(
                List.of(
                    "a:ubuntu-24.04",
                    "a:ubuntu-24.04-2029.04-009-arm64",
                    "a:ubuntu-24.04-2029.05-000",
                    "a:ubuntu-24.04-2029.05-000-amd64",
                    "a:ubuntu-24.04-amd64")));
    assertThat(VariantList.table(List.of(listed), TODAY).lines().toList().get(1))
        .endsWith(" a:ubuntu-24.04-2029.05-000");
  }

  @Test
  void tableOnTheLastDayOfSupportSaysUntil() {
    List<Listed> all = List.of(new Listed(variant, Optional.of(List.of())));
    assertThat(VariantList.table(all, TODAY)).contains("until 2029-05-31");
    assertThat(VariantList.table(all, TODAY.plusDays(1))).contains("ended 2029-05-31");
  }

  @Test
  void jsonHasWhatTheTableHas() throws IOException {
    Listed listed = new Listed(variant, Optional.of(List.of("a:ubuntu-24.04")));
    JsonNode json =
        new ObjectMapper().readTree(VariantList.json(List.of(listed), TODAY.plusDays(1))).get(0);
    assertThat(json.get("name").asText()).isEqualTo("ubuntu-24.04");
    assertThat(json.get("status").asText()).isEqualTo("end of life");
    assertThat(json.get("endOfLife").asText()).isEqualTo("2029-05-31");
    assertThat(json.get("features").toString()).isEqualTo("[\"syslog-ng\",\"cron\",\"logrotate\"]");
    assertThat(json.get("images").toString()).isEqualTo("[\"a:ubuntu-24.04\"]");
  }

  @Test
  void jsonWhenNoEngineRunsDoesNotSayThatThereIsNoImage() throws IOException {
    String json = VariantList.json(List.of(new Listed(variant, Optional.empty())), TODAY);
    assertThat(new ObjectMapper().readTree(json).get(0).get("images").isNull()).isTrue();
  }

  @Test
  void isOfWhenTheTagIsOfAnotherVariantIsFalse() {
    assertThat(VariantList.isOf("a:ubuntu-24.04-2029.05-000", "ubuntu-24.04")).isTrue();
    assertThat(VariantList.isOf("a:ubuntu-24.04-lite", "ubuntu-24.04")).isFalse();
    assertThat(VariantList.isOf("localhost:5000/a:ubuntu-24.04", "ubuntu-24.04")).isTrue();
    assertThat(VariantList.isOf("a:child", "ubuntu-24.04")).isFalse();
  }
}

package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Platform;
import io.baseimage.report.VariantList.Listed;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import io.baseimage.version.ImageVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
                    built("joe/baseimage:ubuntu-24.04"),
                    built("joe/baseimage:ubuntu-24.04-2029.04-009", "2029.04-009"),
                    built("joe/baseimage:ubuntu-24.04-2029.05-000", "2029.05-000"),
                    built("joe/baseimage:ubuntu-24.04-stand-in"),
                    built("joe/baseimage:ubuntu-24.04-stand-in-2029.05-003", "2029.05-003"),
                    built("other:ubuntu-24.04-2029.01-000", "2029.01-000"))));
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
                    built("a:ubuntu-24.04"),
                    built("a:ubuntu-24.04-2029.04-009-arm64", "2029.04-009"),
                    built("a:ubuntu-24.04-2029.05-000", "2029.05-000"),
                    built("a:ubuntu-24.04-2029.05-000-amd64", "2029.05-000"),
                    built("a:ubuntu-24.04-amd64"))));
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
    Listed listed =
        new Listed(
            variant, Optional.of(List.of(built("a:ubuntu-24.04-2029.05-000", "2029.05-000"))));
    JsonNode json =
        new ObjectMapper().readTree(VariantList.json(List.of(listed), TODAY.plusDays(1))).get(0);
    assertThat(json.get("name").asText()).isEqualTo("ubuntu-24.04");
    assertThat(json.get("status").asText()).isEqualTo("end of life");
    assertThat(json.get("endOfLife").asText()).isEqualTo("2029-05-31");
    assertThat(json.get("features").toString()).isEqualTo("[\"syslog-ng\",\"cron\",\"logrotate\"]");
    assertThat(json.get("images").toString()).isEqualTo("[\"a:ubuntu-24.04-2029.05-000\"]");
    assertThat(json.get("builds").toString())
        .isEqualTo(
            "[{\"name\":\"a:ubuntu-24.04-2029.05-000\",\"variant\":\"ubuntu-24.04\","
                + "\"standIn\":false,\"platform\":\"linux/amd64\",\"version\":\"2029.05-000\"}]");
  }

  @Test
  void jsonWhenNoEngineRunsDoesNotSayThatThereIsNoImage() throws IOException {
    String list = VariantList.json(List.of(new Listed(variant, Optional.empty())), TODAY);
    JsonNode json = new ObjectMapper().readTree(list).get(0);
    assertThat(json.get("images").isNull()).isTrue();
    assertThat(json.get("builds").isNull()).isTrue();
  }

  private static Built built(String name) {
    return built(name, null);
  }

  private static Built built(String name, @Nullable String version) {
    return new Built(
        name,
        name.contains("-stand-in") ? "ubuntu-24.04-stand-in" : "ubuntu-24.04",
        false,
        new Platform("linux", "amd64"),
        Optional.ofNullable(version).map(ImageVersion::parse));
  }
}

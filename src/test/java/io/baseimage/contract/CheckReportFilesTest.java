package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.OutputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class CheckReportFilesTest {
  private static final CheckReport REPORT =
      new CheckReport(
          "joe/baseimage:1",
          List.of(
              result("Boot.one", Outcome.HOLDS, Optional.empty()),
              result("Boot.two", Outcome.BROKEN, Optional.of("seen <\"x\" & \u0001>\nnext")),
              result("Boot.three", Outcome.NOT_APPLICABLE, Optional.of("the image has no cron"))),
          Duration.ofMillis(12_345));

  private static CheckResult result(String name, Outcome outcome, Optional<String> detail) {
    return new CheckResult(
        name, List.of("BOOT-1", "BOOT-2"), "a <title>", outcome, detail, Duration.ofMillis(1_500));
  }

  @Test
  void writeMakesXmlThatParses(@TempDir Path directory) throws Exception {
    CheckReportFiles.write(REPORT, directory.resolve("made"));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(directory.resolve("made/junit.xml").toFile());
    Element suite = document.getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("12.345");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("seen <\"x\" & ?>\nnext");
  }

  @Test
  void writeWhenTheFolderIsAFileSaysSo(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> CheckReportFiles.write(REPORT, file))
        .withMessageContaining("it is a file, not a folder");
  }

  @Test
  void writeMakesJsonWithEveryCheck(@TempDir Path directory) throws Exception {
    CheckReportFiles.write(REPORT, directory);
    JsonNode json =
        JsonMapper.builder().build().readTree(Files.readString(directory.resolve("checks.json")));
    assertThat(json.path("passed").asBoolean()).isFalse();
    assertThat(json.path("holds").asInt()).isEqualTo(1);
    assertThat(json.path("checks")).hasSize(3);
    assertThat(json.path("checks").path(1).path("outcome").asText()).isEqualTo("broken");
    assertThat(json.path("checks").path(2).path("detail").asText())
        .isEqualTo("the image has no cron");
  }
}

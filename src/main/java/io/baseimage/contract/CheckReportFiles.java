package io.baseimage.contract;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.OutputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A report as files: {@code junit.xml} for what shows test results, {@code checks.json} for
 * programs.
 */
public final class CheckReportFiles {
  private static final String XML = "junit.xml";
  private static final String JSON = "checks.json";

  /** The files' names. */
  public static final List<String> NAMES = List.of(XML, JSON);

  private CheckReportFiles() {}

  /**
   * Writes both files; makes the folder if there is none.
   *
   * @throws OutputException when a file cannot be written
   */
  public static void write(CheckReport report, Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(XML), xml(report), StandardCharsets.UTF_8);
      Files.writeString(directory.resolve(JSON), json(report), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new OutputException("write the report", directory, e);
    }
  }

  static String xml(CheckReport report) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuite name=\"").append(escaped("contract of " + report.image()));
    xml.append("\" tests=\"").append(report.results().size());
    xml.append("\" failures=\"").append(report.count(Outcome.BROKEN));
    xml.append("\" errors=\"0\" skipped=\"").append(report.count(Outcome.NOT_APPLICABLE));
    xml.append("\" time=\"").append(seconds(report.took())).append("\">\n");
    report.results().forEach(result -> append(xml, result));
    return xml.append("</testsuite>\n").toString();
  }

  private static void append(StringBuilder xml, CheckResult result) {
    String chapter = result.lines().get(0).replaceFirst("-.*", "");
    xml.append("  <testcase classname=\"contract.").append(escaped(chapter));
    xml.append("\" name=\"");
    xml.append(escaped(String.join(" ", result.lines()) + " " + result.title()));
    xml.append("\" time=\"").append(seconds(result.took())).append('"');
    String detail = escaped(result.detail().orElse(""));
    switch (result.outcome()) {
      case HOLDS -> xml.append("/>\n");
      case BROKEN ->
          xml.append(">\n    <failure message=\"")
              .append(detail)
              .append("\" type=\"broken\"/>\n  </testcase>\n");
      case NOT_APPLICABLE ->
          xml.append(">\n    <skipped message=\"").append(detail).append("\"/>\n  </testcase>\n");
    }
  }

  static String json(CheckReport report) throws IOException {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("image", report.image());
    root.put("passed", report.passed());
    for (Outcome outcome : Outcome.values()) {
      root.put(word(outcome), report.count(outcome));
    }
    root.put("milliseconds", report.took().toMillis());
    var checks = root.putArray("checks");
    for (CheckResult result : report.results()) {
      ObjectNode check = checks.addObject();
      check.put("name", result.name());
      var lines = check.putArray("lines");
      result.lines().forEach(lines::add);
      check.put("title", result.title());
      check.put("outcome", word(result.outcome()));
      result.detail().ifPresent(detail -> check.put("detail", detail));
      check.put("milliseconds", result.took().toMillis());
    }
    return mapper.writeValueAsString(root) + "\n";
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case HOLDS -> "holds";
      case BROKEN -> "broken";
      case NOT_APPLICABLE -> "notApplicable";
    };
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
  }

  /** XML text; characters that XML cannot have at all become question marks. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\n', '\r', '\t' -> escaped.append("&#").append(c).append(';');
                default -> escaped.appendCodePoint(isXml(c) ? c : '?');
              }
            });
    return escaped.toString();
  }

  private static boolean isXml(int c) {
    return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }
}

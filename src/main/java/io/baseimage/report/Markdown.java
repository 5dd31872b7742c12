package io.baseimage.report;

import java.util.List;
import java.util.stream.Collectors;

/** Markdown as GitHub has it, in which no value can be more than text. */
final class Markdown {
  private Markdown() {}

  /** A value as it is, whatever characters it has. */
  static String code(String value) {
    String fence = value.contains("`") ? "``" : "`";
    String space = fence.length() > 1 || value.isEmpty() ? " " : "";
    return fence + space + value.replace("``", "` `").replace("|", "\\|") + space + fence;
  }

  /** A value as text. */
  static String text(String value) {
    return value.replaceAll("([\\\\`*_{}\\[\\]<>#|~@])", "\\\\$1");
  }

  /** A table under the first row; cells are Markdown already. */
  static String table(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append(line(rows.get(i)));
      if (i == 0) {
        text.append(line(rows.get(0).stream().map(cell -> "---").toList()));
      }
    }
    return text.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}

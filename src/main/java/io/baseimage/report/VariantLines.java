package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Published;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a report on several variants tells of one.
 *
 * @param variant its name
 * @param version which one it is about, or two with an arrow between
 * @param result in a few words
 * @param lines all else that is to be said
 * @param page what a page has below the lines, as Markdown
 */
record VariantLines(
    String variant, String version, String result, List<String> lines, String page) {
  VariantLines {
    lines = lines.stream().map(line -> line.strip().replaceAll("\\s*\\R\\s*", " ")).toList();
  }

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  static String text(List<VariantLines> all) {
    List<String> rows =
        TextTable.of(all.stream().map(it -> List.of(it.variant, it.version, it.result)).toList())
            .lines()
            .toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append(rows.get(i)).append('\n');
      all.get(i).lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  /**
   * A table, and a section for each variant of which there is something to say.
   *
   * @param result what the last column is called
   * @param heading what stands before the name of a section, for example {@code ##}
   */
  static String markdown(String result, String heading, List<VariantLines> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Variant", "Version", result));
    all.forEach(
        it -> rows.add(List.of(Markdown.code(it.variant), Markdown.text(it.version), it.result)));
    StringBuilder text = new StringBuilder(Markdown.table(rows));
    for (VariantLines it : all) {
      if (it.lines.isEmpty() && it.page.isEmpty()) {
        continue;
      }
      text.append('\n').append(heading).append(' ').append(Markdown.text(it.variant));
      text.append("\n\n");
      it.lines.forEach(line -> text.append("- ").append(Markdown.text(line)).append('\n'));
      text.append(it.page);
    }
    return text.toString();
  }

  /** The version that was published, and the one that is now if it is another. */
  static String versions(Optional<CurrentVersion> before, Optional<Published> now) {
    String old = before.flatMap(CurrentVersion::version).orElse("-");
    return now.map(published -> old + " → " + published.version()).orElse(old);
  }

  /** The field {@code new}: null if nothing was published. */
  static void write(JsonGenerator json, Optional<Published> now) throws IOException {
    if (now.isEmpty()) {
      json.writeNullField("new");
      return;
    }
    json.writeObjectFieldStart("new");
    json.writeStringField("name", now.get().name().toString());
    json.writeStringField("version", now.get().version().toString());
    json.writeStringField("digest", now.get().digest().toString());
    json.writeEndObject();
  }
}

package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.pipeline.PackageChange;
import io.baseimage.pipeline.PackageChange.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Changes of packages in each of the forms. */
final class PackageChanges {
  private PackageChanges() {}

  /** How many of each kind. */
  static String summary(List<PackageChange> changes) {
    List<String> parts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      long count = changes.stream().filter(change -> change.kind() == kind).count();
      if (count > 0) {
        parts.add(count + " " + word(kind));
      }
    }
    return parts.isEmpty() ? "the same" : String.join(", ", parts);
  }

  /** A line for each, in columns. */
  static String table(List<PackageChange> changes) {
    if (changes.isEmpty()) {
      return "";
    }
    return TextTable.of(
        changes.stream()
            .map(change -> List.of("  " + word(change.kind()), change.name(), versions(change)))
            .toList());
  }

  /** A table. */
  static String markdown(List<PackageChange> changes) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Package", "", "Before", "After"));
    for (PackageChange change : changes) {
      rows.add(
          List.of(
              Markdown.code(change.name()),
              word(change.kind()),
              change.before().map(Markdown::code).orElse(""),
              change.after().map(Markdown::code).orElse("")));
    }
    return Markdown.table(rows);
  }

  /** A field with an array of objects. */
  static void write(JsonGenerator json, String field, List<PackageChange> changes)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (PackageChange change : changes) {
      json.writeStartObject();
      json.writeStringField("change", word(change.kind()));
      json.writeStringField("name", change.name());
      json.writeStringField("architecture", change.architecture());
      json.writeStringField("before", change.before().orElse(null));
      json.writeStringField("after", change.after().orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What became of it, as far as the versions say it. */
  static String versions(PackageChange change) {
    if (change.before().isPresent() && change.after().isPresent()) {
      return change.before().get() + " → " + change.after().get();
    }
    return change.before().or(change::after).orElse("");
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

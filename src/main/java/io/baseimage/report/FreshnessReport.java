package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.rebuild.Reason;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How published images stand to what builds would give now. */
public final class FreshnessReport {
  private FreshnessReport() {}

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  public static String text(List<Freshness> all) {
    int names = width(all.stream().map(Freshness::variant).toList());
    int versions = width(all.stream().map(FreshnessReport::version).toList());
    StringBuilder text = new StringBuilder();
    for (Freshness each : all) {
      text.append(pad(each.variant(), names)).append("  ");
      text.append(pad(version(each), versions)).append("  ").append(words(each)).append('\n');
      lines(each).forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** A table, and below it a section for each variant of which there is something to say. */
  public static String markdown(List<Freshness> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Variant", "Version", ""));
    for (Freshness each : all) {
      rows.add(List.of(Markdown.code(each.variant()), Markdown.text(version(each)), words(each)));
    }
    StringBuilder text = new StringBuilder(Markdown.table(rows));
    for (Freshness each : all) {
      if (!lines(each).isEmpty()) {
        text.append("\n### ").append(Markdown.text(each.variant())).append("\n\n");
        lines(each).forEach(line -> text.append("- ").append(Markdown.text(line)).append('\n'));
      }
    }
    return text.toString();
  }

  /** An array with an object for each. */
  public static String json(List<Freshness> all) {
    return JsonText.of(
        json -> {
          json.writeStartArray();
          for (Freshness each : all) {
            json.writeStartObject();
            write(json, each);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The fields of one. */
  static void write(JsonGenerator json, Freshness each) throws IOException {
    json.writeStringField("variant", each.variant());
    json.writeStringField("repository", each.repository().toString());
    json.writeStringField(
        "published", each.published().map(it -> it.name().toString()).orElse(null));
    json.writeStringField(
        "version", each.published().flatMap(CurrentVersion::version).orElse(null));
    json.writeStringField(
        "digest", each.published().map(it -> it.digest().toString()).orElse(null));
    json.writeStringField("verdict", each.verdict().id());
    json.writeArrayFieldStart("reasons");
    for (Reason reason : each.reasons()) {
      write(json, reason);
    }
    json.writeEndArray();
    VersionList.strings(json, "unknown", each.doubts());
    json.writeStringField("ended", each.ended().map(LocalDate::toString).orElse(null));
  }

  private static void write(JsonGenerator json, Reason reason) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", reason.kind());
    json.writeStringField("text", reason.text());
    if (reason instanceof Reason.NewerPackage newer) {
      json.writeStringField("package", newer.upgrade().name());
      json.writeStringField("before", newer.upgrade().before());
      json.writeStringField("after", newer.upgrade().after());
      switch (newer.upgrade().security()) {
        case YES -> json.writeBooleanField("security", true);
        case NO -> json.writeBooleanField("security", false);
        case UNKNOWN -> json.writeNullField("security");
      }
    } else if (reason instanceof Reason.NewBase base) {
      json.writeStringField("base", base.name());
      json.writeStringField("before", base.before());
      json.writeStringField("after", base.after());
    }
    json.writeEndObject();
  }

  /** The verdict for people. */
  static String words(Freshness each) {
    return switch (each.verdict()) {
      case FRESH -> "fresh";
      case STALE -> "stale";
      case UNKNOWN -> "unknown";
      case UNPATCHABLE -> "cannot be patched";
    };
  }

  /** All that is to be said besides the verdict. */
  static List<String> lines(Freshness each) {
    List<String> lines =
        each.reasons().stream().map(Reason::text).collect(Collectors.toCollection(ArrayList::new));
    each.doubts().forEach(doubt -> lines.add("unknown: " + doubt));
    each.ended()
        .ifPresent(
            day ->
                lines.add(
                    (each.verdict() == Verdict.UNPATCHABLE ? "" : "cannot be patched: ")
                        + "the support of the release has ended on "
                        + day));
    return lines;
  }

  static String version(Freshness each) {
    return each.published()
        .map(published -> published.version().orElse(published.digest().abbreviated()))
        .orElse("-");
  }

  private static int width(List<String> words) {
    return words.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String word, int width) {
    return word + " ".repeat(width - word.length());
  }
}

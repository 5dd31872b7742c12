package io.baseimage.report;

import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebuild;
import io.baseimage.rebuild.Rebuild.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What a rebuild has come to. */
public final class RebuildReport {
  private RebuildReport() {}

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  public static String text(List<Rebuild> all) {
    List<List<String>> rows = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    all.forEach(each -> rows.add(List.of(each.freshness().variant(), versions(each), words(each))));
    List<String> lines = TextTable.of(rows).lines().toList();
    for (int i = 0; i < all.size(); i++) {
      text.append(lines.get(i)).append('\n');
      lines(all.get(i)).forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** A page: a table, and a section for each variant of which there is something to say. */
  public static String markdown(List<Rebuild> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Variant", "Version", "Result"));
    all.forEach(
        each ->
            rows.add(
                List.of(
                    Markdown.code(each.freshness().variant()),
                    Markdown.text(versions(each)),
                    words(each))));
    StringBuilder text = new StringBuilder("# Rebuild\n\n").append(Markdown.table(rows));
    for (Rebuild each : all) {
      if (lines(each).isEmpty() && each.difference().isEmpty()) {
        continue;
      }
      text.append("\n## ").append(Markdown.text(each.freshness().variant())).append("\n\n");
      lines(each).forEach(line -> text.append("- ").append(Markdown.text(line)).append('\n'));
      each.difference()
          .filter(difference -> each.outcome() != Outcome.SAME)
          .ifPresent(difference -> text.append('\n').append(DifferenceReport.markdown(difference)));
    }
    return text.toString();
  }

  /**
   * An array with an object for each: what {@code check} says of it, and what has become of it;
   * {@code difference} is null where nothing was built or nothing can be compared.
   */
  public static String json(List<Rebuild> all) {
    return JsonText.of(
        json -> {
          json.writeStartArray();
          for (Rebuild each : all) {
            json.writeStartObject();
            FreshnessReport.write(json, each.freshness());
            json.writeStringField("outcome", each.outcome().id());
            VersionList.strings(
                json, "builtFor", each.reasons().stream().map(Reason::text).toList());
            json.writeStringField("failure", each.failure().orElse(null));
            if (each.published().isPresent()) {
              json.writeObjectFieldStart("new");
              json.writeStringField("name", each.published().get().name().toString());
              json.writeStringField("version", each.published().get().version().toString());
              json.writeStringField("digest", each.published().get().digest().toString());
              json.writeEndObject();
            } else {
              json.writeNullField("new");
            }
            if (each.difference().isPresent()) {
              json.writeFieldName("difference");
              DifferenceReport.write(json, each.difference().get());
            } else {
              json.writeNullField("difference");
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String words(Rebuild each) {
    return switch (each.outcome()) {
      case NOT_NEEDED -> FreshnessReport.words(each.freshness()) + ", not built";
      case UNKNOWN -> "unknown, not built";
      case SAME -> "built, same content, dropped";
      case BUILT -> "built, not published";
      case PUBLISHED -> "published";
      case FAILED -> "failed";
    };
  }

  private static String versions(Rebuild each) {
    String before = each.freshness().published().flatMap(CurrentVersion::version).orElse("-");
    return each.published().map(now -> before + " → " + now.version()).orElse(before);
  }

  private static List<String> lines(Rebuild each) {
    List<String> lines = new ArrayList<>();
    Freshness freshness = each.freshness();
    List<Reason> reasons = each.reasons().isEmpty() ? freshness.reasons() : each.reasons();
    reasons.forEach(reason -> lines.add(reason.text()));
    FreshnessReport.lines(freshness).stream()
        .filter(
            line -> freshness.reasons().stream().noneMatch(reason -> reason.text().equals(line)))
        .forEach(lines::add);
    each.failure().ifPresent(words -> lines.add("failed: " + words.replace('\n', ' ')));
    if (freshness.verdict() == Verdict.UNKNOWN && each.outcome() == Outcome.UNKNOWN) {
      lines.add("run it again when that is mended, or build it without --if-needed");
    }
    return lines;
  }
}

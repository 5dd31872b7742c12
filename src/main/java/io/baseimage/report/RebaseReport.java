package io.baseimage.report;

import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Published;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebase;
import java.util.ArrayList;
import java.util.List;

/** What has become of images whose runtime was to be exchanged. */
public final class RebaseReport {
  private RebaseReport() {}

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  public static String text(List<Rebase> all) {
    List<List<String>> rows = new ArrayList<>();
    all.forEach(each -> rows.add(List.of(each.variant(), versions(each), words(each))));
    StringBuilder text = new StringBuilder();
    List<String> lines = TextTable.of(rows).lines().toList();
    for (int i = 0; i < all.size(); i++) {
      text.append(lines.get(i)).append('\n');
      lines(all.get(i)).forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** A page: a table, and a list for each variant of which there is something to say. */
  public static String markdown(List<Rebase> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Variant", "Version", "Result"));
    all.forEach(
        each ->
            rows.add(
                List.of(
                    Markdown.code(each.variant()), Markdown.text(versions(each)), words(each))));
    StringBuilder text = new StringBuilder("# Rebase\n\n").append(Markdown.table(rows));
    for (Rebase each : all) {
      if (!lines(each).isEmpty()) {
        text.append("\n## ").append(Markdown.text(each.variant())).append("\n\n");
        lines(each).forEach(line -> text.append("- ").append(Markdown.text(line)).append('\n'));
      }
    }
    return text.toString();
  }

  /** An array with an object for each. */
  public static String json(List<Rebase> all) {
    return JsonText.of(
        json -> {
          json.writeStartArray();
          for (Rebase each : all) {
            json.writeStartObject();
            json.writeStringField("variant", each.variant());
            json.writeStringField("repository", each.repository().toString());
            json.writeStringField(
                "version", each.before().flatMap(CurrentVersion::version).orElse(null));
            json.writeStringField(
                "digest", each.before().map(before -> before.digest().toString()).orElse(null));
            json.writeStringField("outcome", each.outcome().id());
            VersionList.strings(
                json, "reasons", each.reasons().stream().map(Reason::text).toList());
            json.writeBooleanField("proven", each.isProven());
            json.writeStringField("failure", each.failure().orElse(null));
            if (each.published().isPresent()) {
              Published published = each.published().get();
              json.writeObjectFieldStart("new");
              json.writeStringField("name", published.name().toString());
              json.writeStringField("version", published.version().toString());
              json.writeStringField("digest", published.digest().toString());
              json.writeEndObject();
            } else {
              json.writeNullField("new");
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static String words(Rebase each) {
    return switch (each.outcome()) {
      case NOT_NEEDED -> "not needed, the runtime is the same";
      case REFUSED -> "refused";
      case POSSIBLE -> "possible, nothing published";
      case PUBLISHED -> each.isProven() ? "published" : "published, not checked";
      case FAILED -> "failed";
      case NOT_REACHED -> "not reached, nothing published";
    };
  }

  private static String versions(Rebase each) {
    String before = each.before().flatMap(CurrentVersion::version).orElse("-");
    return each.published().map(now -> before + " → " + now.version()).orElse(before);
  }

  private static List<String> lines(Rebase each) {
    List<String> lines = new ArrayList<>();
    each.reasons().forEach(reason -> lines.add(reason.text()));
    each.failure().ifPresent(words -> lines.add(words.replace('\n', ' ')));
    return lines;
  }
}

package io.baseimage.report;

import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebase;
import java.util.List;
import java.util.stream.Stream;

/** What has become of images whose runtime was to be exchanged. */
public final class RebaseReport {
  private RebaseReport() {}

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  public static String text(List<Rebase> all) {
    return VariantLines.text(lines(all));
  }

  /** A page: a table, and a list for each variant of which there is something to say. */
  public static String markdown(List<Rebase> all) {
    return "# Rebase\n\n" + VariantLines.markdown("Result", "##", lines(all));
  }

  /** An array with an object for each. */
  public static String json(List<Rebase> all) {
    return JsonText.array(
        all,
        (json, each) -> {
          json.writeStringField("variant", each.variant());
          json.writeStringField("repository", each.repository().toString());
          json.writeStringField(
              "version", each.before().flatMap(CurrentVersion::version).orElse(null));
          json.writeStringField(
              "digest", each.before().map(before -> before.digest().toString()).orElse(null));
          json.writeStringField("outcome", each.outcome().id());
          VersionList.strings(json, "reasons", each.reasons().stream().map(Reason::text).toList());
          json.writeBooleanField("proven", each.isProven());
          json.writeStringField("failure", each.failure().orElse(null));
          VariantLines.write(json, each.published());
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

  private static List<VariantLines> lines(List<Rebase> all) {
    return all.stream()
        .map(
            each ->
                new VariantLines(
                    each.variant(),
                    VariantLines.versions(each.before(), each.published()),
                    words(each),
                    Stream.concat(
                            each.reasons().stream().map(Reason::text), each.failure().stream())
                        .toList(),
                    ""))
        .toList();
  }
}

package io.baseimage.report;

import io.baseimage.pipeline.ImageDifference;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebuild;
import io.baseimage.rebuild.Rebuild.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a rebuild has come to. */
public final class RebuildReport {
  private RebuildReport() {}

  /** A line for each variant, and below it one for each thing that is to be said of it. */
  public static String text(List<Rebuild> all) {
    return VariantLines.text(told(all));
  }

  /** A page: a table, and a section for each variant of which there is something to say. */
  public static String markdown(List<Rebuild> all) {
    return "# Rebuild\n\n" + VariantLines.markdown("Result", "##", told(all));
  }

  /**
   * An array with an object for each: what {@code check} says of it, and what has become of it;
   * {@code differences} has one for each platform, and none where nothing was built or nothing can
   * be compared.
   */
  public static String json(List<Rebuild> all) {
    return JsonText.array(
        all,
        (json, each) -> {
          FreshnessReport.write(json, each.freshness());
          json.writeStringField("outcome", each.outcome().id());
          VersionList.strings(json, "builtFor", each.reasons().stream().map(Reason::text).toList());
          json.writeStringField("failure", each.failure().orElse(null));
          VariantLines.write(json, each.published());
          json.writeArrayFieldStart("differences");
          for (ImageDifference difference : each.differences()) {
            DifferenceReport.write(json, difference);
          }
          json.writeEndArray();
        });
  }

  private static List<VariantLines> told(List<Rebuild> all) {
    return all.stream()
        .map(
            each ->
                new VariantLines(
                    each.freshness().variant(),
                    VariantLines.versions(each.freshness().published(), each.published()),
                    words(each),
                    lines(each),
                    differences(each)))
        .toList();
  }

  private static String differences(Rebuild each) {
    return each.differences().stream()
        .filter(difference -> each.outcome() != Outcome.SAME && !difference.isEmpty())
        .map(difference -> "\n" + DifferenceReport.markdown(difference))
        .collect(Collectors.joining());
  }

  /** What has become of one, in words. */
  public static String words(Rebuild each) {
    return switch (each.outcome()) {
      case NOT_NEEDED -> FreshnessReport.words(each.freshness()) + ", not built";
      case UNKNOWN -> "unknown, not built";
      case SAME -> "built, same content, dropped";
      case WITHDRAWN -> "built, same content as a withdrawn version, dropped";
      case NOT_REACHED -> "not reached";
      case BUILT -> "built, not published";
      case PUBLISHED -> "published";
      case FAILED -> "failed";
    };
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
    each.failure().ifPresent(words -> lines.add("failed: " + words));
    if (freshness.verdict() == Verdict.UNKNOWN && each.outcome() == Outcome.UNKNOWN) {
      lines.add("run it again when that is mended, or build it without --if-needed");
    }
    return lines;
  }
}

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
    return VariantLines.text(told(all));
  }

  /** A table, and below it a section for each variant of which there is something to say. */
  public static String markdown(List<Freshness> all) {
    return VariantLines.markdown("", "###", told(all));
  }

  private static List<VariantLines> told(List<Freshness> all) {
    return all.stream()
        .map(each -> new VariantLines(each.variant(), version(each), words(each), lines(each), ""))
        .toList();
  }

  /** An array with an object for each. */
  public static String json(List<Freshness> all) {
    return JsonText.array(all, FreshnessReport::write);
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

  private static String version(Freshness each) {
    return each.published()
        .map(published -> published.version().orElse(published.digest().abbreviated()))
        .orElse("-");
  }
}

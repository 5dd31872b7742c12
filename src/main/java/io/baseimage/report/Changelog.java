package io.baseimage.report;

import io.baseimage.pipeline.PackageChange;
import io.baseimage.publish.TaggedVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The history of a variant, the newest version first. */
public final class Changelog {
  private static final int DAY = "2026-11-22".length();

  private Changelog() {}

  /**
   * A version.
   *
   * @param previous the version before it that was not withdrawn; empty for the first one
   * @param packages what has changed since that; empty if that is not known, or for the first one
   */
  public record Entry(
      TaggedVersion version, Optional<String> previous, Optional<List<PackageChange>> packages) {}

  /** Lines for a terminal. */
  public static String text(List<Entry> oldestFirst) {
    StringBuilder text = new StringBuilder();
    for (Entry entry : reversed(oldestFirst)) {
      TaggedVersion version = entry.version();
      text.append(text.isEmpty() ? "" : "\n");
      text.append(version.version()).append("  ").append(date(version));
      text.append(version.withdrawn() ? "  withdrawn" : "");
      text.append(version.aliases().isEmpty() ? "" : "  " + String.join(" ", version.aliases()));
      text.append('\n');
      version.reasons().forEach(reason -> text.append("  reason: ").append(reason).append('\n'));
      text.append("  packages: ").append(packages(entry)).append('\n');
      entry.packages().ifPresent(changes -> text.append(PackageChanges.table(changes).indent(2)));
    }
    return text.toString();
  }

  /** A page. */
  public static String markdown(String variant, List<Entry> oldestFirst) {
    StringBuilder text = new StringBuilder("# " + Markdown.text(variant) + "\n");
    for (Entry entry : reversed(oldestFirst)) {
      TaggedVersion version = entry.version();
      text.append("\n## ").append(version.version()).append(" (").append(date(version));
      text.append(version.withdrawn() ? ", withdrawn" : "").append(")\n\n");
      text.append("- tag: ").append(Markdown.code(version.tag())).append('\n');
      text.append("- digest: ").append(Markdown.code(version.digest().toString())).append('\n');
      version
          .reasons()
          .forEach(reason -> text.append("- reason: ").append(Markdown.text(reason)).append('\n'));
      text.append("- packages: ").append(packages(entry)).append('\n');
      entry
          .packages()
          .filter(changes -> !changes.isEmpty())
          .ifPresent(changes -> text.append('\n').append(PackageChanges.markdown(changes)));
    }
    return text.toString();
  }

  /** An array with an object for each; {@code packages} is null where that is not known. */
  public static String json(List<Entry> oldestFirst) {
    return JsonText.array(
        reversed(oldestFirst),
        (json, entry) -> {
          TaggedVersion version = entry.version();
          json.writeStringField("version", version.version());
          json.writeStringField("tag", version.tag());
          json.writeStringField("digest", version.digest().toString());
          json.writeStringField("created", version.created().orElse(null));
          json.writeStringField("published", version.published().orElse(null));
          json.writeBooleanField("withdrawn", version.withdrawn());
          VersionList.strings(json, "reasons", version.reasons());
          json.writeStringField("previous", entry.previous().orElse(null));
          if (entry.packages().isPresent()) {
            PackageChanges.write(json, "packages", entry.packages().get());
          } else {
            json.writeNullField("packages");
          }
        });
  }

  private static String packages(Entry entry) {
    if (entry.previous().isEmpty()) {
      return "the first version";
    }
    return entry
        .packages()
        .map(changes -> changes.isEmpty() ? "as before" : PackageChanges.summary(changes))
        .orElse("unknown: an SBOM is missing");
  }

  private static String date(TaggedVersion version) {
    return version
        .date()
        .map(text -> text.length() > DAY ? text.substring(0, DAY) : text)
        .orElse("no date");
  }

  private static List<Entry> reversed(List<Entry> entries) {
    List<Entry> reversed = new ArrayList<>(entries);
    Collections.reverse(reversed);
    return reversed;
  }
}

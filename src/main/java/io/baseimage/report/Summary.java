package io.baseimage.report;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The small table at the end of a build. */
public final class Summary {
  private Summary() {}

  /** The table, each row a line, with a line end after the last. */
  public static String of(BuildOutcome outcome) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("variant", outcome.variant().name());
    rows.put("base", outcome.base().words());
    rows.put("", outcome.base().digest().orElse("no digest"));
    rows.put("version", outcome.version());
    rows.put(
        "names",
        outcome.names().stream().map(ImageReference::toString).collect(Collectors.joining(", ")));
    rows.put(
        "added size",
        megabytes(outcome.addedBytes()) + " of " + megabytes(outcome.image().sizeBytes()));
    rows.put(
        "packages",
        outcome.packages().size() + ", " + outcome.addedPackages() + " more than the base");
    rows.put("checks", outcome.checks().map(Summary::checks).orElse("skipped by --no-test"));
    rows.put("time", times(outcome));
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder table = new StringBuilder();
    rows.forEach(
        (name, value) ->
            table
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(value)
                .append('\n'));
    return table.toString();
  }

  /** The counts of a report, in words. */
  public static String checks(CheckReport report) {
    return report.count(Outcome.HOLDS)
        + " hold, "
        + report.count(Outcome.BROKEN)
        + " broken, "
        + report.count(Outcome.NOT_APPLICABLE)
        + " not applicable";
  }

  /** A time in seconds, to a tenth. */
  public static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static String times(BuildOutcome outcome) {
    Duration total = outcome.phases().values().stream().reduce(Duration.ZERO, Duration::plus);
    return outcome.phases().entrySet().stream()
            .map(entry -> entry.getKey().label() + " " + seconds(entry.getValue()))
            .collect(Collectors.joining(", "))
        + "; in all "
        + seconds(total);
  }

  /** Millions of bytes, as engines count. */
  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

package io.baseimage.report;

import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.SeveralBuilds.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table at the end of several builds. */
public final class SummaryOfSeveral {
  private static final int LONGEST_REASON = 100;

  /** Between a failure and the lines of output that its message ends with. */
  private static final String END_OF_OUTPUT = "\nThe end of its output:\n";

  private SummaryOfSeveral() {}

  /**
   * The table, a row for each variant and one line below it.
   *
   * @param took how long all of it took
   */
  public static String of(List<Result> results, Duration took) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VARIANT", "VERSION", "ADDED", "PACKAGES", "CHECKS", "TIME", "RESULT"));
    results.forEach(result -> rows.addAll(rows(result)));
    long done = results.stream().filter(result -> !result.outcomes().isEmpty()).count();
    long failed = results.stream().filter(result -> result.failure().isPresent()).count();
    return TextTable.of(rows)
        + done
        + " done, "
        + failed
        + " failed, "
        + (results.size() - done - failed)
        + " not begun; in all "
        + Summary.seconds(took)
        + "\n";
  }

  private static List<List<String>> rows(Result result) {
    if (result.outcomes().isEmpty()) {
      return List.of(rowWithoutOutcome(result));
    }
    boolean several = result.outcomes().size() > 1;
    return result.outcomes().stream()
        .map(outcome -> row(outcome, several ? time(outcome) : result.took(), several))
        .toList();
  }

  private static List<String> row(BuildOutcome outcome, Duration took, boolean several) {
    return List.of(
        outcome.variant().name() + (several ? " " + outcome.image().platform() : ""),
        outcome.version(),
        Summary.megabytes(outcome.addedBytes()),
        "+" + outcome.addedPackages(),
        outcome.checks().map(SummaryOfSeveral::checks).orElse("skipped"),
        Summary.seconds(took),
        "done");
  }

  private static Duration time(BuildOutcome outcome) {
    return outcome.phases().values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  private static List<String> rowWithoutOutcome(Result result) {
    String name = result.variant().name();
    if (result.failure().isPresent()) {
      return List.of(
          name,
          "-",
          "-",
          "-",
          "-",
          Summary.seconds(result.took()),
          "failed: " + reason(result.failure().get()));
    }
    return List.of(name, "-", "-", "-", "-", "-", "not begun");
  }

  /** What was wrong in one line, as much as a table bears; the log has all of it. */
  private static String reason(RuntimeException failure) {
    if (failure instanceof InterruptedRunException) {
      return "interrupted";
    }
    String[] parts = String.valueOf(failure.getMessage()).split(END_OF_OUTPUT, 2);
    String line =
        parts[0]
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "))
                .replaceFirst("^Tried to build \\S+, but ", "")
                .replaceFirst("^(step \\d+ of \\d+), .*?… ", "$1 ")
            + (parts.length > 1 ? lastWord(parts[1]) : "");
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line;
  }

  /** The last line of a program's output, or the last in which apt says what is wrong. */
  private static String lastWord(String rest) {
    List<String> output =
        rest.lines()
            .takeWhile(line -> line.startsWith("  "))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return output.stream()
        .filter(line -> line.startsWith("E:"))
        .reduce((first, second) -> second)
        .or(() -> output.stream().reduce((first, second) -> second))
        .map(line -> ": " + line)
        .orElse("");
  }

  private static String checks(CheckReport report) {
    return report.count(Outcome.HOLDS) + " hold";
  }
}

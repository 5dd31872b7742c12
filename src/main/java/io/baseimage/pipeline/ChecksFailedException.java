package io.baseimage.pipeline;

import io.baseimage.pipeline.CheckResult.Outcome;

/** An image breaks the contract. */
public final class ChecksFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CheckReport report;

  /**
   * A failure.
   *
   * @param subject the variant or image that was checked
   * @param report what was found
   */
  public ChecksFailedException(String subject, CheckReport report) {
    super(message(subject, report));
    this.report = report;
  }

  /** What was found. */
  public CheckReport report() {
    return report;
  }

  private static String message(String subject, CheckReport report) {
    if (report.count(Outcome.BROKEN) == 0) {
      return subject + ": no contract check could be applied, so nothing is proven";
    }
    StringBuilder text =
        new StringBuilder(subject)
            .append(" breaks the contract: ")
            .append(report.count(Outcome.BROKEN))
            .append(" of ")
            .append(report.results().size())
            .append(" checks\n");
    for (CheckResult result : report.results()) {
      if (result.outcome() == Outcome.BROKEN) {
        text.append("  - ").append(String.join(" ", result.lines())).append(" ");
        text.append(result.title());
        result
            .detail()
            .ifPresent(
                detail -> text.append("\n      ").append(detail.strip().replace("\n", "\n      ")));
        text.append('\n');
      }
    }
    return text.toString().stripTrailing();
  }
}

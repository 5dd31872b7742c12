package io.baseimage.pipeline;

import io.baseimage.pipeline.CheckResult.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * What the contract suite found on one image.
 *
 * @param image the id or name that was checked
 * @param results every check's result, in the contract's order
 * @param took how long the whole suite ran
 */
public record CheckReport(String image, List<CheckResult> results, Duration took) {

  /** Copies the results. */
  public CheckReport {
    results = List.copyOf(results);
  }

  /** How many checks ended so. */
  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }

  /** Whether nothing is broken, and something was proven. */
  public boolean passed() {
    return count(Outcome.BROKEN) == 0 && count(Outcome.HOLDS) > 0;
  }
}

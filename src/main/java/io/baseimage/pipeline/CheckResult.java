package io.baseimage.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one contract check.
 *
 * @param name the check's own name
 * @param lines the ids of the contract's lines that it proves, for example {@code BOOT-1}
 * @param title what holds if it passes, in words
 * @param outcome how it ended
 * @param detail what was seen instead, or why it does not apply
 * @param took how long it ran
 */
public record CheckResult(
    String name,
    List<String> lines,
    String title,
    Outcome outcome,
    Optional<String> detail,
    Duration took) {

  /** Copies the lines. */
  public CheckResult {
    lines = List.copyOf(lines);
  }

  /** How a check ends. */
  public enum Outcome {
    HOLDS,
    BROKEN,
    NOT_APPLICABLE
  }
}

package io.baseimage.registry;

import java.time.Duration;
import java.util.Optional;

/** How long work is tried again after its first failure, and how long to wait before each try. */
final class Patience {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int DOUBLINGS = 10;

  private final Duration limit;
  private final Clockwork clockwork;
  private final RunPatience run;
  private boolean answered;

  Patience(Retries retries, RunPatience run, Clockwork clockwork) {
    this.run = run;
    this.limit = retries.patience();
    this.clockwork = clockwork;
  }

  /** Something was done to its end. */
  synchronized void succeeded() {
    answered = true;
  }

  /** A moment from which {@link #pause} can count. */
  long now() {
    return clockwork.nanoTime();
  }

  /**
   * How long to wait after a failure; empty when it is time to give up.
   *
   * @param since the moment of this work's first failure
   * @param failures how many there were of this work, this one included
   * @param answer whether the failure was an answer, of a registry that thus exists
   * @param asked how long the registry asks to wait
   */
  synchronized Optional<Duration> pause(
      long since, int failures, boolean answer, Optional<Duration> asked) {
    long now = clockwork.nanoTime();
    answered |= answer;
    Duration pause = asked.orElse(Duration.ZERO).plus(jitter(failures));
    Duration end = Duration.ofNanos(now - since).plus(pause);
    return end.compareTo(limit()) > 0 || !run.allows(pause) ? Optional.empty() : Optional.of(pause);
  }

  /** For people: what ended it. */
  String end() {
    return run.isOver()
        ? "This run has waited for failing requests as long as it may, %d s in all"
            .formatted(RunPatience.LIMIT.toSeconds())
        : "We wait no longer than " + limit().toSeconds() + " s";
  }

  /** How much patience there is with one piece of work. */
  private synchronized Duration limit() {
    return answered ? limit : limit.dividedBy(10);
  }

  /** Anything from nothing to the doubled: many clients that failed together come back apart. */
  private Duration jitter(int failures) {
    Duration most = FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    Duration bound = most.compareTo(LONGEST) > 0 ? LONGEST : most;
    return Duration.ofNanos((long) (bound.toNanos() * clockwork.random()));
  }
}

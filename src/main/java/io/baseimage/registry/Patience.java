package io.baseimage.registry;

import java.time.Duration;
import java.util.Optional;

/** What is left of a run's patience, and how long to wait before the next try. */
final class Patience {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int DOUBLINGS = 10;

  private final Duration limit;
  private final Clockwork clockwork;
  private boolean answered;
  private boolean trouble;
  private long since;

  Patience(Retries retries, Clockwork clockwork) {
    this.limit = retries.patience();
    this.clockwork = clockwork;
  }

  /** Something was done to its end: whatever comes next has all the time again. */
  synchronized void succeeded() {
    answered = true;
    trouble = false;
  }

  /**
   * How long to wait after a failure; empty when it is time to give up.
   *
   * @param failures how many there were of this work, this one included
   * @param answer whether the failure was an answer, of a registry that thus exists
   * @param asked how long the registry asks to wait
   */
  synchronized Optional<Duration> pause(int failures, boolean answer, Optional<Duration> asked) {
    long now = clockwork.nanoTime();
    answered |= answer;
    if (!trouble) {
      trouble = true;
      since = now;
    }
    Duration pause = asked.orElse(Duration.ZERO).plus(jitter(failures));
    Duration end = Duration.ofNanos(now - since).plus(pause);
    return end.compareTo(limit()) > 0 ? Optional.empty() : Optional.of(pause);
  }

  /** How much patience there is in all. */
  synchronized Duration limit() {
    return answered ? limit : limit.dividedBy(10);
  }

  /** Anything from nothing to the doubled: many clients that failed together come back apart. */
  private Duration jitter(int failures) {
    Duration most = FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    Duration bound = most.compareTo(LONGEST) > 0 ? LONGEST : most;
    return Duration.ofNanos((long) (bound.toNanos() * clockwork.random()));
  }
}

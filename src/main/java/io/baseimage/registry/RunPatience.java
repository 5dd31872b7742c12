package io.baseimage.registry;

import java.time.Duration;

/** How long a whole run waits for requests that fail, of all its registries together. */
final class RunPatience {
  /**
   * An hour. Each piece of work has patience of its own, but a run has hundreds of them: where each
   * is refused for a while, it would go on for a day. A registry that has had its reader wait this
   * long is looked at by hand.
   */
  static final Duration LIMIT = Duration.ofHours(1);

  private final Clockwork clockwork;
  private Duration waited = Duration.ZERO;
  private long until;
  private boolean over;

  RunPatience(Clockwork clockwork) {
    this.clockwork = clockwork;
    this.until = clockwork.nanoTime();
  }

  /**
   * Counts a pause that begins now; what several threads wait at the same time counts once.
   *
   * @return false if it would be too much, as every later one is then
   */
  synchronized boolean allows(Duration pause) {
    long now = clockwork.nanoTime();
    long from = until - now > 0 ? until : now;
    long to = now + pause.toNanos();
    Duration more = Duration.ofNanos(Math.max(0, to - from));
    if (over || waited.plus(more).compareTo(LIMIT) > 0) {
      over = true;
      return false;
    }
    waited = waited.plus(more);
    until = from + more.toNanos();
    return true;
  }

  /** Whether a pause was not allowed any more. */
  synchronized boolean isOver() {
    return over;
  }
}

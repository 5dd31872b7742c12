package io.baseimage.registry;

import java.time.Duration;

/**
 * How long a run puts up with a registry's bad day. One value is for all registries of a run.
 *
 * @param patience counted from the first failure after something last succeeded: when it is over,
 *     nothing is tried again. A registry that was not reached at all yet gets a tenth of it, as its
 *     name may be wrong. It bounds waiting and not work: a large upload over a slow line may take
 *     longer, and is tried once more if it fails at its end
 * @param silence how long a connection may carry nothing before it counts as lost; some registries
 *     copy a large blob before they answer
 * @see RunPatience the bound of all the waiting of a run
 */
public record Retries(Duration patience, Duration silence) {
  /**
   * Ten minutes, and two of silence. Rate limits are counted by the minute and restarts of a
   * registry take a few; who waits longer looks at it by hand.
   */
  public static final Retries USUAL = new Retries(Duration.ofMinutes(10), Duration.ofMinutes(2));

  /** Throws {@link IllegalArgumentException} unless both are positive. */
  public Retries {
    if (patience.isNegative() || silence.isNegative() || silence.isZero()) {
      throw new IllegalArgumentException("not a time to wait: " + patience + ", " + silence);
    }
  }
}

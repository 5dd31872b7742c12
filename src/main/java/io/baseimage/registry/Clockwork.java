package io.baseimage.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Time and chance, which tests replace. */
interface Clockwork {
  /** Nanoseconds of a clock that nobody sets. */
  long nanoTime();

  /** The calendar's time, for dates that a registry names. */
  Instant now();

  /** At least 0 and less than 1. */
  double random();

  void sleep(Duration duration) throws InterruptedException;

  Clockwork SYSTEM =
      new Clockwork() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public double random() {
          return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration.toMillis());
        }
      };
}

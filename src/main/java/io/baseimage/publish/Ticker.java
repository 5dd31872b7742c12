package io.baseimage.publish;

import java.time.Duration;

/** Time as it passes. */
public interface Ticker {
  /** Of this machine, from whatever origin, in nanoseconds; never goes back. */
  long nanoTime();

  /** Waits. */
  void sleep(Duration duration) throws InterruptedException;

  /** This machine's. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration.toMillis());
        }
      };
}

package io.baseimage.publish;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time as it passes. */
public interface Ticker {
  /** Of this machine, from whatever origin, in nanoseconds; never goes back. */
  long nanoTime();

  /** Waits. */
  void sleep(Duration duration) throws InterruptedException;

  /** Does something again and again, in a thread of its own, until it is ended. */
  Repetition every(Duration interval, Runnable work);

  /** What is done again and again. */
  interface Repetition extends AutoCloseable {
    /** Ends it, and interrupts it if it is being done. */
    @Override
    void close();
  }

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

        @Override
        public Repetition every(Duration interval, Runnable work) {
          ScheduledExecutorService pool =
              Executors.newSingleThreadScheduledExecutor(
                  task -> {
                    Thread thread = new Thread(task, "sign of life");
                    thread.setDaemon(true);
                    return thread;
                  });
          ScheduledFuture<?> repeated =
              pool.scheduleWithFixedDelay(
                  work, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
          return () -> {
            repeated.cancel(true);
            pool.shutdownNow();
          };
        }
      };
}

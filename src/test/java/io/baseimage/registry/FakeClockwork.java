package io.baseimage.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that sleeping moves on, in no time. */
final class FakeClockwork implements Clockwork {
  final List<Duration> slept = new CopyOnWriteArrayList<>();
  private final AtomicLong added = new AtomicLong();

  @Override
  public long nanoTime() {
    return System.nanoTime() + added.get();
  }

  @Override
  public Instant now() {
    return Instant.parse("2022-01-01T00:00:00Z").plusNanos(added.get());
  }

  @Override
  public double random() {
    return 0.5;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    slept.add(duration);
    added.addAndGet(duration.toNanos());
  }
}

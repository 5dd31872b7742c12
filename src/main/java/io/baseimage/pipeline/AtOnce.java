package io.baseimage.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The same work on several things beside each other. */
public final class AtOnce {
  private static final long CLEARING_SECONDS = 30;

  private AtOnce() {}

  /**
   * Does it for each. The first failure, or an interrupt, ends the others, and they are waited for.
   *
   * @param atATime how many at a time, 1 or more
   * @param doing as in "interrupted while {@code reading tags}"
   * @return the results, in the same order
   */
  public static <T, R> List<R> each(
      Collection<T> all, int atATime, String doing, Function<T, R> work) {
    if (all.isEmpty()) {
      return List.of();
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(atATime, all.size()));
    try {
      List<Future<R>> begun = new ArrayList<>();
      for (T one : all) {
        begun.add(pool.submit(() -> work.apply(one)));
      }
      List<R> results = new ArrayList<>();
      for (Future<R> one : begun) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException(doing);
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  /** Containers that the work has made are gone when it has ended. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!pool.awaitTermination(CLEARING_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

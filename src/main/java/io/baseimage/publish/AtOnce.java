package io.baseimage.publish;

import io.baseimage.pipeline.InterruptedRunException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Questions to a registry, several at a time. */
final class AtOnce {
  private static final int AT_A_TIME = 8;

  private AtOnce() {}

  /**
   * Asks about each.
   *
   * @param doing as in "interrupted while {@code reading the tags of joe/app}"
   * @return the answers, in the same order
   */
  static <T, R> List<R> ask(Collection<T> all, Function<T, R> question, String doing) {
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<R>> asked = new ArrayList<>();
      for (T each : all) {
        asked.add(pool.submit(() -> question.apply(each)));
      }
      List<R> answers = new ArrayList<>();
      for (Future<R> each : asked) {
        answers.add(each.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException(doing);
    } finally {
      pool.shutdownNow();
    }
  }
}

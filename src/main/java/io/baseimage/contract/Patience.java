package io.baseimage.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Bounds calls to an engine that may never return: no option of the client's does. */
final class Patience {

  private Patience() {}

  /**
   * Calls on a thread of its own, which is left behind when the time is up.
   *
   * @throws TimeoutException when the call has not returned in this time
   * @throws RuntimeException what the call throws
   */
  static <T> T within(Duration limit, Callable<T> call)
      throws InterruptedException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "contract-call");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      task.cancel(true);
    }
  }
}

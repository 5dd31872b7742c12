package io.baseimage.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.api.model.ResponseItem.ErrorDetail;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an engine answers to a long request, item by item, and its end waited for. */
final class StreamedAnswer<T extends ResponseItem> extends ResultCallback.Adapter<T> {
  /** How long nothing is heard before the engine is asked whether it still lives. */
  private static final long HEARTBEAT_SECONDS = 10;

  /** How many pings in a row may fail before the engine counts as gone. */
  private static final int PATIENCE = 3;

  private final Consumer<T> listener;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable ItemError error;
  private volatile boolean cancelled;

  StreamedAnswer(Consumer<T> listener) {
    this.listener = listener;
  }

  /**
   * An error that came as an item of the stream.
   *
   * @param message the engine's words
   * @param code the exit status of a build step; 0 where there is none
   */
  record ItemError(String message, int code) {}

  @Override
  public void onStart(Closeable stream) {
    super.onStart(stream);
    if (cancelled) {
      closeStream();
    }
  }

  @Override
  public void onNext(T item) {
    if (cancelled) {
      return;
    }
    if (error == null) {
      error = errorOf(item);
    }
    listener.accept(item);
  }

  @Override
  public void onComplete() {
    super.onComplete();
    ended.countDown();
  }

  @Override
  public void onError(Throwable failure) {
    super.onError(failure);
    ended.countDown();
  }

  private static @Nullable ItemError errorOf(ResponseItem item) {
    ErrorDetail detail = item.getErrorDetail();
    if (detail != null && detail.getMessage() != null) {
      return new ItemError(
          detail.getMessage().strip(), Optional.ofNullable(detail.getCode()).orElse(0));
    }
    @SuppressWarnings("deprecation") // Podman still answers some requests with nothing but this.
    String message = item.getError();
    return message == null ? null : new ItemError(message.strip(), 0);
  }

  /**
   * Waits for the end of the answer. A thread that is interrupted meanwhile closes the stream,
   * which makes the engine stop.
   *
   * @return the error that an item told of
   * @throws InterruptedException when the thread is interrupted
   * @throws RuntimeException what docker-java threw
   */
  Optional<ItemError> await(Connection connection) throws InterruptedException {
    int unanswered = 0;
    try {
      // Not awaitCompletion with a time: that closes the stream when the time is over.
      while (!ended.await(HEARTBEAT_SECONDS, TimeUnit.SECONDS)) {
        unanswered = connection.answers() ? 0 : unanswered + 1;
        if (unanswered >= PATIENCE) {
          cancel();
          throw new EngineException(
              Kind.UNREACHABLE,
              "The engine at " + connection.endpoint() + " has stopped answering.");
        }
      }
    } catch (InterruptedException e) {
      cancel();
      throw e;
    }
    awaitCompletion();
    return Optional.ofNullable(error);
  }

  private void cancel() {
    cancelled = true;
    closeStream();
  }

  private void closeStream() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

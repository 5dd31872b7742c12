package io.baseimage.registry;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Does work on a registry, again where it failed for a reason that may pass. */
final class Attempts {
  // A registry that loses each upload, or has half an answer each time, is not bettered by more.
  private static final int INCOMPLETE = 3;
  private static final long LONGEST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Session session;
  private final Patience patience;
  private final Failures failures;
  private final RunLog log;

  /** One try of some work. */
  @FunctionalInterface
  interface Work<T> {
    T on(Wire wire) throws IOException, RegistryException;
  }

  Attempts(Session session, Patience patience, RunLog log) {
    this.session = session;
    this.patience = patience;
    this.failures = new Failures(session);
    this.log = log;
  }

  /**
   * Work that leaves the registry as it is, or can be done twice.
   *
   * @param doing as in "Tried to {@code list the tags of joe/app}"
   */
  <T> T run(String doing, Work<T> work) {
    return run(doing, work, null);
  }

  /**
   * Work whose failure is not believed before a look at whether it was done all the same.
   *
   * @param look finds its outcome, if there is one; null where no look is needed
   */
  <T> T run(String doing, Work<T> work, @Nullable Work<Optional<T>> look) {
    long since = 0;
    for (int tries = 1; ; tries++) {
      Throwable thrown;
      try {
        T outcome = once(doing, work);
        patience.succeeded();
        return outcome;
      } catch (ExecutionException e) {
        thrown = cause(e);
      }
      since = tries == 1 ? patience.now() : since;
      Optional<Answer> answer = Answer.in(thrown, session.clockwork());
      boolean passing =
          Failures.passing(thrown, answer)
              || (tries <= INCOMPLETE && answer.filter(Failures::incomplete).isPresent());
      Optional<T> done = look == null ? Optional.empty() : outcome(doing, look, passing);
      if (done.isPresent()) {
        log.info(
            "Tried to %s, and the registry failed (%s), but it is done"
                .formatted(doing, Failures.seen(thrown, answer)));
        patience.succeeded();
        return done.get();
      }
      if (!passing) {
        throw failures.of(doing, thrown, answer);
      }
      pause(doing, thrown, answer, since, tries);
    }
  }

  /** One look is enough where the work is tried again, but not where it would be given up. */
  private <T> Optional<T> outcome(String doing, Work<Optional<T>> look, boolean again) {
    try {
      return again ? once(doing, look) : run(doing, look);
    } catch (ExecutionException e) {
      cause(e);
      return Optional.empty();
    } catch (io.baseimage.pipeline.RegistryException e) {
      // What the work itself failed of says more.
      return Optional.empty();
    }
  }

  private void pause(
      String doing, Throwable thrown, Optional<Answer> answer, long since, int tries) {
    Optional<Duration> asked = answer.flatMap(Answer::retryAfter);
    Duration pause =
        patience
            .pause(since, tries, answer.isPresent(), asked)
            .orElseThrow(() -> failures.afterTries(doing, thrown, answer, tries, patience.end()));
    log.info(
        "Tried to %s: %s; once more in %.1f s"
            .formatted(doing, Failures.seen(thrown, answer), pause.toMillis() / 1000.0));
    try {
      session.clockwork().sleep(pause);
    } catch (InterruptedException e) {
      throw interruption(doing);
    }
  }

  /** One try. A connection that was used before may have ended since, which says nothing yet. */
  private <T> T once(String doing, Work<T> work) throws ExecutionException {
    for (Optional<Wire> used = session.used(); used.isPresent(); used = session.used()) {
      try {
        return once(doing, work, used.get());
      } catch (ExecutionException e) {
        if (!Failures.connectionLost(e)) {
          throw e;
        }
      }
    }
    return once(doing, work, new Wire(session));
  }

  /** One try, in a thread of its own that the registry can hold up without holding up the run. */
  private <T> T once(String doing, Work<T> work, Wire wire) throws ExecutionException {
    boolean good = false;
    try {
      wire.touch();
      FutureTask<T> task = new FutureTask<>(() -> work.on(wire));
      Thread thread = new Thread(task, "registry");
      thread.setDaemon(true);
      thread.start();
      T outcome = outcome(task, wire);
      good = true;
      return outcome;
    } catch (InterruptedException e) {
      throw interruption(doing);
    } finally {
      if (good) {
        session.keep(wire);
      } else {
        wire.close();
      }
    }
  }

  private <T> T outcome(FutureTask<T> task, Wire wire)
      throws ExecutionException, InterruptedException {
    long silence = session.silence().toNanos();
    while (true) {
      try {
        return task.get(Math.min(LONGEST_LOOK_NANOS, silence), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (wire.silentFor() > silence) {
          throw new ExecutionException(
              new SocketTimeoutException(
                  "nothing came for " + session.silence().toSeconds() + " s"));
        }
      }
    }
  }

  /** What ended a try, unless it is a mistake of ours. */
  private static Throwable cause(ExecutionException thrown) {
    Throwable cause = thrown.getCause();
    if (cause instanceof RuntimeException ours) {
      throw ours;
    }
    if (cause instanceof Error ours) {
      throw ours;
    }
    // jib's word for whatever went wrong with TLS, with the address in it.
    if (cause instanceof InsecureRegistryException && cause.getCause() != null) {
      return cause.getCause();
    }
    return cause == null ? thrown : cause;
  }

  private static InterruptedRunException interruption(String doing) {
    Thread.interrupted();
    return new InterruptedRunException("trying to " + doing);
  }
}

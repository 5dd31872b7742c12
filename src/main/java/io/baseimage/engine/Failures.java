package io.baseimage.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.OutputException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From what docker-java throws to what the pipeline understands. */
final class Failures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Failures() {}

  /**
   * The exception to throw in place of docker-java's.
   *
   * @param doing what was being done, as in "Tried to {@code pull ubuntu:24.04}"
   */
  static RuntimeException of(String doing, Endpoint endpoint, Throwable thrown) {
    if (thrown instanceof EngineException known) {
      return known;
    }
    if (thrown instanceof InterruptedRunException known) {
      return known;
    }
    if (thrown instanceof OutputException known) {
      return known;
    }
    if (interrupted(thrown)) {
      return interruption(doing);
    }
    if (thrown instanceof DockerException answer) {
      return refusal(doing, endpoint, answer);
    }
    return new EngineException(
        Kind.UNREACHABLE,
        "Tried to "
            + doing
            + ", but the engine at "
            + endpoint
            + " does not answer: "
            + reason(thrown)
            + ". Check that it still runs.",
        thrown);
  }

  /** The exception for a run that was told to stop; the thread is no longer interrupted. */
  static InterruptedRunException interruption(String doing) {
    Thread.interrupted();
    return new InterruptedRunException("trying to " + doing);
  }

  private static EngineException refusal(String doing, Endpoint endpoint, DockerException answer) {
    String message = message(answer);
    Kind kind = Kind.REFUSED;
    String advice = "";
    if (noSpace(message)) {
      kind = Kind.NO_SPACE;
      advice = ". " + NO_SPACE_ADVICE;
    } else if (answer.getHttpStatus() == 404) {
      kind = Kind.NOT_FOUND;
    }
    return new EngineException(
        kind,
        "Tried to " + doing + ", but the engine at " + endpoint + " answered: " + message + advice,
        answer);
  }

  static final String NO_SPACE_ADVICE =
      "Free some space where the engine keeps its data, for example with 'docker system prune'.";

  static boolean noSpace(String text) {
    return text.toLowerCase(Locale.ROOT).contains("no space left on device");
  }

  /** The engine's own words, out of docker-java's and JSON's wrapping. */
  static String message(DockerException answer) {
    String text = String.valueOf(answer.getMessage()).strip();
    int json = text.indexOf('{');
    if (json >= 0) {
      try {
        String message = JSON.readTree(text.substring(json)).path("message").asText();
        return message.isBlank() ? text : message.strip();
      } catch (JsonProcessingException e) {
        // Not an engine's answer, but a proxy's or a test's.
        return text;
      }
    }
    return text;
  }

  /** What a chain of exceptions ends in, in words. */
  static String reason(Throwable thrown) {
    Throwable last = thrown;
    while (last.getCause() != null && last.getCause() != last) {
      last = last.getCause();
    }
    // In its whole message the place in the source follows, on a line of its own.
    String text =
        last instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : last.getMessage();
    return text == null || text.isBlank() ? last.getClass().getSimpleName() : text.strip();
  }

  /** Whether an answer was not the JSON that it should have been. */
  static boolean isNoJson(@Nullable Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof JsonProcessingException) {
        return true;
      }
    }
    return false;
  }

  private static boolean interrupted(@Nullable Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof InterruptedException
          || at instanceof ClosedByInterruptException
          || (at instanceof InterruptedIOException && Thread.currentThread().isInterrupted())) {
        return true;
      }
    }
    return false;
  }
}

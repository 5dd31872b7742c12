package io.baseimage.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import io.baseimage.engine.BuildOutput.Step;
import io.baseimage.engine.StreamedAnswer.ItemError;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.BuildRequest;
import io.baseimage.pipeline.Emulation;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One build with the classic builder. */
final class ImageBuild {
  /** What the engine has for clearing up after a build that was cancelled, before we do it. */
  private static final Duration CLEARING = Duration.ofSeconds(15);

  /** What it has for carrying out a removal that we asked for. */
  private static final Duration REMOVAL = Duration.ofSeconds(25);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Pattern EXIT_STATUS =
      Pattern.compile("(?:non-zero code: |exit status )(\\d+)");
  private static final List<String> NO_SUCH_BASE =
      List.of(
          "not found",
          "manifest unknown",
          "pull access denied",
          "no such image",
          "image not known",
          "no matching manifest");

  private final Connection connection;
  private final BuildRequest request;
  private final RunLog log;
  private final BuildOutput output;
  private final String doing;

  ImageBuild(Connection connection, BuildRequest request, RunLog log) {
    this.connection = connection;
    this.request = request;
    this.log = log;
    this.output = new BuildOutput(request.name().toString(), log);
    this.doing = "build " + request.name();
  }

  EngineImage run() {
    try {
      build();
      return result();
    } catch (RuntimeException e) {
      try {
        clear();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private void build() {
    Optional<ItemError> error;
    try (InputStream context = Files.newInputStream(request.context());
        BuildImageCmd command = connection.client().buildImageCmd(context)) {
      command
          .withTags(Set.of(request.name().toString()))
          .withRemove(true)
          .withForcerm(true)
          .withPlatform(request.platform().toString());
      request.cacheFrom().ifPresent(images -> cacheFrom(command, images));
      request.arguments().forEach(command::withBuildArg);
      StreamedAnswer<BuildResponseItem> answer = new StreamedAnswer<>(output::accept);
      command.exec(answer);
      error = answer.await(connection);
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    } catch (DockerException e) {
      throw refused(e);
    } catch (IOException e) {
      throw new EngineException(
          Kind.BUILD, "Tried to " + doing + " from " + request.context() + ": " + e, e);
    } catch (RuntimeException e) {
      throw lost(Failures.of(doing, connection.endpoint(), e));
    }
    output.finish();
    if (error.isPresent()) {
      throw failed(error.get());
    }
  }

  private static void cacheFrom(BuildImageCmd command, Set<Digest> images) {
    command
        .withNoCache(images.isEmpty())
        .withCacheFrom(images.stream().map(Digest::toString).collect(Collectors.toSet()));
  }

  private EngineImage result() {
    EngineImage image;
    try {
      image = Images.image(connection.client().inspectImageCmd(request.name().toString()).exec());
    } catch (NotFoundException e) {
      throw new EngineException(
          Kind.REFUSED,
          "Tried to " + doing + ", but the engine ended the build and has no such image" + at(),
          e);
    } catch (RuntimeException e) {
      throw lost(Failures.of(doing, connection.endpoint(), e));
    }
    if (!image.platform().equals(request.platform())) {
      throw new EngineException(
          Kind.PLATFORM,
          "Tried to "
              + doing
              + " for "
              + request.platform()
              + ", but the result is for "
              + image.platform()
              + ". Check that the base is one for "
              + request.platform()
              + ".");
    }
    return image;
  }

  private String at() {
    return output.step().map(step -> " (" + step + ")").orElse("");
  }

  /** A refusal before any step began. */
  private RuntimeException refused(DockerException answer) {
    RuntimeException mapped = Failures.of(doing, connection.endpoint(), answer);
    if (answer.getHttpStatus() == 400) {
      return new EngineException(Kind.BUILD, String.valueOf(mapped.getMessage()), answer);
    }
    return mapped;
  }

  /** The connection broke. */
  private RuntimeException lost(RuntimeException mapped) {
    if (mapped instanceof EngineException failure && failure.kind() == Kind.UNREACHABLE) {
      return new EngineException(
          Kind.UNREACHABLE,
          "The engine at "
              + connection.endpoint()
              + " went away while building "
              + request.name()
              + at()
              + ": "
              + Failures.reason(failure)
              + ". Look at its log, start it again and repeat the build; finished steps are in its"
              + " cache.",
          failure);
    }
    return mapped;
  }

  private EngineException failed(ItemError error) {
    List<String> end = output.end();
    String printed = String.join("\n", end);
    if (Failures.noSpace(error.message()) || Failures.noSpace(printed)) {
      return new EngineException(
          Kind.NO_SPACE,
          "Tried to "
              + doing
              + ", but no space is left for the engine"
              + connection.dataRoot().map(root -> " in " + root).orElse("")
              + at()
              + ": "
              + error.message()
              + ". "
              + Failures.NO_SPACE_ADVICE
              + endOfOutput(end));
    }
    Optional<Step> step = output.step();
    if (step.isPresent() && step.get().isFrom()) {
      return withoutBase(step.get(), error);
    }
    if (!request.platform().equals(connection.info().platform()) && Emulation.isMissing(printed)) {
      throw new EngineException(
          Kind.PLATFORM,
          "Tried to "
              + doing
              + " for "
              + request.platform()
              + ", but its programs do not run on the engine's machine"
              + at()
              + ". "
              + Emulation.ADVICE
              + endOfOutput(end));
    }
    String status =
        exitStatus(error).map(code -> " ended with exit status " + code).orElse(" failed");
    String words = EXIT_STATUS.matcher(error.message()).find() ? "" : ": " + error.message();
    return new EngineException(
        Kind.BUILD,
        "Tried to "
            + doing
            + ", but "
            + step.map(Step::toString).orElse("the build")
            + status
            + words
            + endOfOutput(end));
  }

  private EngineException withoutBase(Step step, ItemError error) {
    String message = error.message().toLowerCase(Locale.ROOT);
    String base = step.instruction().substring("FROM ".length()).strip();
    boolean missing = NO_SUCH_BASE.stream().anyMatch(message::contains);
    return new EngineException(
        missing ? Kind.NOT_FOUND : Kind.REGISTRY,
        "Tried to "
            + doing
            + ", but its base "
            + base
            + (missing
                ? " exists neither on the engine nor in the registry: "
                : " is not on the engine, and the registry gives no usable answer: ")
            + error.message());
  }

  private static Optional<Integer> exitStatus(ItemError error) {
    Matcher matcher = EXIT_STATUS.matcher(error.message());
    if (matcher.find()) {
      return Optional.of(Integer.valueOf(matcher.group(1)));
    }
    return error.code() > 0 ? Optional.of(error.code()) : Optional.empty();
  }

  private static String endOfOutput(List<String> end) {
    return end.isEmpty() ? "" : "\nThe end of its output:\n  " + String.join("\n  ", end);
  }

  /** Sees to it that no container and no name of a build that did not end well is left. */
  private void clear() {
    if (!connection.answers()) {
      return;
    }
    for (String container : output.containers()) {
      if (!isGone(container, CLEARING)) {
        remove(container);
        if (!isGone(container, REMOVAL)) {
          log.warn("The engine still has the container " + container + " of the build that ended");
        }
      }
    }
    Tags.untag(connection, request.name());
  }

  /** Has a container removed; one that the engine is already removing needs no more. */
  private void remove(String container) {
    try {
      connection
          .client()
          .removeContainerCmd(container)
          .withForce(true)
          .withRemoveVolumes(true)
          .exec();
    } catch (NotFoundException | ConflictException e) {
      return;
    }
  }

  private boolean isGone(String container, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (exists(container)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  private boolean exists(String container) {
    try {
      connection.client().inspectContainerCmd(container).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static void pause() {
    // An interruption has been taken note of already: this is what is done because of it.
    LockSupport.parkNanos(POLL.toNanos());
  }
}

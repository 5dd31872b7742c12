package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A container of the image: running, ended, or waiting to be started. */
final class Box implements AutoCloseable {
  private static final double LONGEST_LIFE = 50;

  private final Lab lab;
  private final String id;

  private Box(Lab lab, String id) {
    this.lab = lab;
    this.id = id;
    lab.opened(this);
  }

  /** A container that Testcontainers has started. */
  static Box started(Lab lab, Recipe recipe) {
    return new Box(lab, Vessel.launch(lab, recipe));
  }

  /** A container that is not started yet. */
  static Box prepared(Lab lab, Recipe recipe) {
    CreateContainerCmd create = lab.client().createContainerCmd(lab.workshop().imageId());
    lab.workshop().prepare(create, recipe);
    try {
      String id = create.exec().getId();
      lab.workshop().created(id, recipe);
      return new Box(lab, id);
    } catch (DockerException e) {
      throw new AssertionError("the container cannot be made: " + e.getMessage(), e);
    }
  }

  Box start() {
    try {
      client().startContainerCmd(id).exec();
      return this;
    } catch (DockerException e) {
      throw new AssertionError("the container cannot be started: " + e.getMessage(), e);
    }
  }

  String id() {
    return id;
  }

  /** Waits until it has ended: its status and what it wrote. */
  Output ended() {
    return ended(lab.scaled(LONGEST_LIFE));
  }

  Output ended(Duration within) {
    int status = status(within);
    return logs(status);
  }

  /** What it has left if it ends in this time, else what it has written, with the status -1. */
  Output endedIfSoon(Duration within) {
    try {
      return ended(within);
    } catch (AssertionError e) {
      return logs();
    }
  }

  /** Waits until it has ended, no longer than this. */
  int status(Duration within) {
    try {
      return client()
          .waitContainerCmd(id)
          .exec(new WaitContainerResultCallback())
          .awaitStatusCode(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (com.github.dockerjava.api.exception.DockerClientException e) {
      throw new AssertionError(
          "the container has not ended within "
              + within.toMillis()
              + " ms; so far: "
              + logs(-1).seen(),
          e);
    }
  }

  boolean isRunning() {
    return Boolean.TRUE.equals(client().inspectContainerCmd(id).exec().getState().getRunning());
  }

  /** What it has written so far. */
  Output logs() {
    return logs(-1);
  }

  private Output logs(int status) {
    Capture capture = new Capture();
    client().logContainerCmd(id).withStdOut(true).withStdErr(true).exec(capture);
    capture.finish(lab.scaled(10));
    return capture.output(status);
  }

  /** Waits until a line that it has written matches; in vain if it has ended without one. */
  Box awaitLog(String regex, double seconds) {
    Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
    Verdict.eventually(
        lab.scaled(seconds),
        () -> {
          boolean running = isRunning();
          Output seen = logs();
          boolean found = pattern.matcher(seen.out() + seen.err()).find();
          Verdict.holds(
              found || running,
              () -> "it has ended and no line matches " + regex + ": " + seen.seen());
          return found;
        },
        () -> "no line matches " + regex + ": " + logs().seen());
    return this;
  }

  /** Waits until every service that should be up is up. */
  Box awaitServices() {
    eventually(
        20,
        "pgrep_runsvdir() { for p in /proc/[0-9]*; do case \"$(cat $p/comm 2>/dev/null)\" in"
            + " runsvdir) return 0;; esac; done; return 1; }; pgrep_runsvdir || exit 1;"
            + " for s in /etc/service/*/; do [ ! -d \"$s\" ] || [ -e \"$s/down\" ] || sv status \"$s\" 2>&1 |"
            + " grep -q '^run:' || exit 1; done; ! ls -d /etc/service/*/provides-dev-log >/dev/null 2>&1 || [ -S /dev/log ]",
        "the services of /etc/service are not up");
    return this;
  }

  /** Runs a shell command in the container until it succeeds. */
  Output eventually(double seconds, String script, String otherwise) {
    Output[] last = new Output[1];
    Verdict.eventually(
        lab.scaled(seconds),
        () -> {
          last[0] = sh(script);
          return last[0].status() == 0;
        },
        () -> otherwise + ": " + last[0].seen() + "; the container: " + logs().seen());
    return last[0];
  }

  /** Runs a shell command in the container and waits for its end. */
  Output sh(String script) {
    return exec("/bin/sh", "-c", script);
  }

  /** Runs a shell command that may take longer than others, from the network for example. */
  Output sh(String script, double seconds) {
    return execWithin(lab.scaled(seconds), "/bin/sh", "-c", script);
  }

  Output exec(String... command) {
    return execWithin(lab.scaled(LONGEST_LIFE), command);
  }

  private Output execWithin(Duration deadline, String... command) {
    var create =
        client().execCreateCmd(id).withAttachStdout(true).withAttachStderr(true).withCmd(command);
    String execId;
    try {
      execId = create.exec().getId();
    } catch (ConflictException e) {
      throw new AssertionError("the container has ended: " + logs().seen(), e);
    }
    Capture capture = client().execStartCmd(execId).exec(new Capture());
    capture.finish(deadline);
    Long status = client().inspectExecCmd(execId).exec().getExitCodeLong();
    return capture.output(status == null ? -1 : status.intValue());
  }

  /** The content of a file, also after the container's end; empty if there is none. */
  Optional<byte[]> read(String path) {
    try (InputStream in = client().copyArchiveFromContainerCmd(id, path).exec();
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      TarArchiveEntry entry = tar.getNextEntry();
      return entry == null || !entry.isFile() ? Optional.empty() : Optional.of(tar.readAllBytes());
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a file, also after the container's end; none if there is no file. */
  List<String> lines(String path) {
    return read(path)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
        .orElse(List.of());
  }

  /** Whether there is anything of that name. */
  boolean exists(String path) {
    try (InputStream in = client().copyArchiveFromContainerCmd(id, path).exec()) {
      return in.read() >= 0;
    } catch (NotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String path) {
    return read(path).isPresent();
  }

  void kill(String signal) {
    client().killContainerCmd(id).withSignal(signal).exec();
  }

  /** Sends TERM, as {@code docker stop} does, and waits for the end. */
  Output stop(double withinSeconds) {
    kill("TERM");
    return ended(lab.scaled(withinSeconds));
  }

  void restart() {
    client().restartContainerCmd(id).withTimeout(10).exec();
  }

  /** Types on the container's terminal. */
  Terminal terminal() {
    return new Terminal(client(), id);
  }

  @Override
  public void close() {
    lab.workshop().discard(id);
  }

  private DockerClient client() {
    return lab.client();
  }

  /** Sends files into the container. */
  static void copy(DockerClient client, String id, Archive files) {
    client
        .copyArchiveToContainerCmd(id)
        .withRemotePath("/")
        .withTarInputStream(new ByteArrayInputStream(files.bytes()))
        .exec();
  }

  /** Takes what a stream brings, standard output and error apart. */
  private static final class Capture extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void onNext(Frame frame) {
      (frame.getStreamType() == StreamType.STDERR ? err : out).writeBytes(frame.getPayload());
    }

    void finish(Duration within) {
      try {
        if (!awaitCompletion(within.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              "no end within " + within.toSeconds() + " s; so far: " + output(-1).seen());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    synchronized Output output(int status) {
      return new Output(status, out.toByteArray(), err.toByteArray());
    }
  }
}

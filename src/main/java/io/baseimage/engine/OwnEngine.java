package io.baseimage.engine;

import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The engine that the toolkit starts by itself where none runs: a {@code dockerd} of its own, in a
 * session of its own, with everything it writes in the toolkit's state folder. It is kept running
 * between commands, until it is stopped.
 */
public final class OwnEngine {
  private static final Duration STARTING = Duration.ofSeconds(60);
  private static final String SLOW = "timeout waiting for containerd to start";
  private static final Duration STOPPING = Duration.ofSeconds(30);

  /** A lock on a file keeps other processes out; this one keeps other threads out. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Surroundings surroundings;
  private final OwnEngineFiles files;
  private final Programs programs;

  /** The one whose files are in these surroundings' state folder. */
  public OwnEngine(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.files = OwnEngineFiles.of(surroundings);
    this.programs = new Programs(surroundings);
  }

  /**
   * How it stands with the toolkit's own engine.
   *
   * @param running whether it runs
   * @param pid its process
   * @param address where it listens when it runs
   * @param data where it keeps images and containers
   * @param log where it writes its log
   */
  public record Status(boolean running, OptionalLong pid, String address, Path data, Path log) {}

  /** Whether it runs, and where its files are. */
  public Status status() {
    Optional<ProcessHandle> daemon = files.daemon();
    return new Status(
        daemon.isPresent(),
        daemon.stream().mapToLong(ProcessHandle::pid).findFirst(),
        endpoint().toString(),
        files.data(),
        files.log());
  }

  Endpoint endpoint() {
    return Endpoint.socket(files.socket(), "the toolkit's own engine");
  }

  /** Why it cannot be started here, if it cannot. */
  Optional<String> obstacle() {
    if (programs.find("dockerd").isEmpty()) {
      return Optional.of("cannot be started: no dockerd is installed");
    }
    if (!surroundings.superuser()) {
      return Optional.of("cannot be started: dockerd is installed, but starting it takes root");
    }
    if (programs.find("setsid").isEmpty()) {
      return Optional.of("cannot be started: no setsid is installed (package util-linux)");
    }
    return Optional.empty();
  }

  /**
   * Starts it, unless it runs, and waits until it answers.
   *
   * @throws EngineException of kind {@link Kind#UNREACHABLE} when it does not come up, with the end
   *     of its log
   */
  Endpoint start(RunLog log) {
    try {
      IN_THIS_PROCESS.lockInterruptibly();
      try {
        Files.createDirectories(files.folder());
        try (FileChannel channel =
                FileChannel.open(
                    files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          return startLocked(log, lock);
        }
      } finally {
        IN_THIS_PROCESS.unlock();
      }
    } catch (InterruptedException | FileLockInterruptionException e) {
      throw Failures.interruption("start an engine");
    } catch (IOException e) {
      throw new EngineException(
          Kind.UNREACHABLE,
          "Tried to start an engine in " + files.folder() + ", but: " + Failures.reason(e),
          e);
    }
  }

  private Endpoint startLocked(RunLog log, FileLock lock) throws IOException, InterruptedException {
    if (!lock.isValid()) {
      throw new IOException("the lock on " + files.lock() + " was lost");
    }
    Optional<ProcessHandle> running = files.daemon();
    if (running.isPresent()) {
      // Another command started it a moment ago, or was stopped while it came up.
      awaitAnswer(running.get());
      return endpoint();
    }
    log.info("starting an engine (dockerd) with its data in " + files.data());
    try {
      startDaemon();
    } catch (EngineException e) {
      // dockerd waits 15 s for it, which a busy machine may need.
      if (new DaemonLog(files.log()).end().stream().noneMatch(line -> line.contains(SLOW))) {
        throw e;
      }
      log.info("containerd came up too late for dockerd; starting both once more");
      startDaemon();
    }
    log.info("the engine runs until 'baseimage-build engine stop'; its log is " + files.log());
    return endpoint();
  }

  private void startDaemon() throws IOException, InterruptedException {
    files.clearStale();
    ProcessHandle daemon = launch().toHandle();
    boolean up = false;
    try {
      awaitAnswer(daemon);
      up = true;
    } finally {
      if (!up) {
        end(daemon);
        releaseMounts();
      }
    }
  }

  private Process launch() throws IOException {
    files.prepare(surroundings.fileSystem().resolve("etc/docker/daemon.json"));
    List<String> command = new ArrayList<>();
    // In a session of its own, so that Ctrl-C in our terminal is not for it.
    command.add(programs.find("setsid").orElseThrow().toString());
    command.add(programs.find("dockerd").orElseThrow().toString());
    command.addAll(files.options());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.folder().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(files.log().toFile());
    builder.environment().clear();
    surroundings
        .environment()
        .forEach(
            (name, value) -> {
              // dockerd reads the client's TLS variables too.
              if (!name.startsWith("DOCKER_") && !name.equals("NOTIFY_SOCKET")) {
                builder.environment().put(name, value);
              }
            });
    builder.environment().put("PATH", programs.path());
    return builder.start();
  }

  private void awaitAnswer(ProcessHandle daemon) throws InterruptedException {
    long deadline = System.nanoTime() + STARTING.toNanos();
    String seen = "no answer";
    while (System.nanoTime() < deadline) {
      try {
        EngineLocator.requireListening(files.socket());
        Connection.open(endpoint(), surroundings.dockerConfiguration()).close();
        return;
      } catch (Silence e) {
        seen = e.seen();
      }
      if (!daemon.isAlive()) {
        throw notUp("it ended");
      }
      Thread.sleep(50);
    }
    throw notUp("after " + STARTING.toSeconds() + " s: " + seen);
  }

  private EngineException notUp(String seen) {
    DaemonLog log = new DaemonLog(files.log());
    return new EngineException(
        Kind.UNREACHABLE,
        "Tried to start an engine (dockerd, as no other answers), but "
            + seen
            + ". "
            + log.advice()
            + "The end of its log, "
            + files.log()
            + ":\n  "
            + String.join("\n  ", log.end()));
  }

  /**
   * Stops it and its containers; its images stay for the next start.
   *
   * @return whether it ran
   */
  public boolean stop() {
    Optional<ProcessHandle> daemon = files.daemon();
    Optional<ProcessHandle> containerd = files.containerd();
    try {
      for (ProcessHandle each : daemon.stream().toList()) {
        end(each);
      }
      // An engine that ended in order has ended this one already.
      for (ProcessHandle each : containerd.stream().toList()) {
        end(each);
      }
      if (Files.isDirectory(files.folder())) {
        files.clearStale();
        releaseMounts();
      }
    } catch (InterruptedException e) {
      throw Failures.interruption("stop the engine");
    } catch (IOException e) {
      throw new EngineException(
          Kind.REFUSED, "Tried to clear up after the engine, but: " + Failures.reason(e), e);
    }
    return daemon.isPresent();
  }

  /** An engine that was killed leaves its data folder mounted on itself. */
  private void releaseMounts() throws IOException, InterruptedException {
    Optional<Path> umount = programs.find("umount");
    if (umount.isPresent()) {
      Mounts.release(files.folder(), umount.get());
      Mounts.release(files.run(), umount.get());
    }
  }

  private static void end(ProcessHandle process) throws InterruptedException {
    process.destroy();
    long deadline = System.nanoTime() + STOPPING.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    process.destroyForcibly();
  }
}

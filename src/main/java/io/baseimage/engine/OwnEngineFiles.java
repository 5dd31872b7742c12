package io.baseimage.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the toolkit's own engine keeps its files.
 *
 * @param folder what outlives a restart of the machine
 * @param run what does not: sockets, whose paths must be short
 */
record OwnEngineFiles(Path folder, Path run) {
  /** What containerd allows the path of a socket, less the longest that dockerd has it make. */
  private static final int LONGEST_RUN_FOLDER =
      104 - "/exec/containerd/containerd-debug.sock".length();

  /** Settings of the system's engine that ours gets by options, or that are not for two engines. */
  private static final List<String> NOT_OURS =
      List.of(
          "hosts",
          "data-root",
          "graph",
          "exec-root",
          "pidfile",
          "group",
          "containerd",
          "containerd-namespace",
          "containerd-plugin-namespace",
          "tls",
          "tlsverify",
          "tlscacert",
          "tlscert",
          "tlskey");

  static OwnEngineFiles of(Surroundings surroundings) {
    Path folder = surroundings.state().resolve("engine");
    byte[] name = folder.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length <= LONGEST_RUN_FOLDER) {
      return new OwnEngineFiles(folder, folder);
    }
    Path run = surroundings.fileSystem().resolve("run");
    Path parent = Files.isDirectory(run) ? run : surroundings.fileSystem().resolve("tmp");
    return new OwnEngineFiles(folder, parent.resolve("baseimage-" + Digest.of(name).abbreviated()));
  }

  Path data() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("dockerd.log");
  }

  Path lock() {
    return folder.resolve("lock");
  }

  Path socket() {
    return run.resolve("docker.sock");
  }

  private Path execRoot() {
    return run.resolve("exec");
  }

  private Path pidFile() {
    return run.resolve("dockerd.pid");
  }

  private Path containerdPidFile() {
    return execRoot().resolve("containerd/containerd.pid");
  }

  private Path configuration() {
    return folder.resolve("daemon.json");
  }

  /** What dockerd is started with. */
  List<String> options() {
    return List.of(
        "--config-file=" + configuration(),
        "--data-root=" + data(),
        "--exec-root=" + execRoot(),
        "--pidfile=" + pidFile(),
        "--host=unix://" + socket(),
        // Where the system's containerd is used, its other engine's containers are not ours.
        "--containerd-namespace=baseimage-build",
        "--containerd-plugins-namespace=baseimage-build-plugins");
  }

  /**
   * Makes the folders, and takes over the system engine's settings of mirrors, proxies and such.
   */
  void prepare(Path systemConfiguration) throws IOException {
    Files.createDirectories(folder);
    Files.createDirectories(run);
    ObjectMapper json = new ObjectMapper();
    ObjectNode settings = json.createObjectNode();
    if (Files.isReadable(systemConfiguration)
        && json.readTree(systemConfiguration.toFile()) instanceof ObjectNode theirs) {
      settings = theirs;
    }
    settings.remove(NOT_OURS);
    Files.writeString(configuration(), ((JsonNode) settings).toPrettyString());
  }

  /** The running engine. */
  Optional<ProcessHandle> daemon() {
    return process(pidFile(), "dockerd", pidFile().toString());
  }

  /** The containerd that the engine started. */
  Optional<ProcessHandle> containerd() {
    return process(containerdPidFile(), "containerd", execRoot().toString());
  }

  /**
   * Removes what a dead engine left: an engine that finds its own pid file, or containerd's, with a
   * number that some other process has by now, does not start.
   */
  void clearStale() throws IOException {
    if (daemon().isEmpty()) {
      Files.deleteIfExists(pidFile());
      Files.deleteIfExists(socket());
    }
    if (containerd().isEmpty()) {
      Files.deleteIfExists(containerdPidFile());
    }
  }

  /** The process of a pid file, if it is that program with that path among its arguments. */
  private static Optional<ProcessHandle> process(Path pidFile, String program, String path) {
    long pid;
    try {
      pid = Long.parseLong(Files.readString(pidFile).strip());
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> runs(process.info(), program, path));
  }

  private static boolean runs(ProcessHandle.Info info, String program, String path) {
    boolean named = info.command().map(command -> Path.of(command).endsWith(program)).orElse(false);
    boolean ours =
        info.arguments().stream()
            .flatMap(Arrays::stream)
            .anyMatch(argument -> argument.contains(path));
    return named && ours;
  }
}

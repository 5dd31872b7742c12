package io.baseimage.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The toolkit as a process of its own, started as users start it, with its output in files. */
final class Launched {
  private static final Path LAUNCHER = Path.of("baseimage-build").toAbsolutePath();

  private final Process process;
  private final Path out;
  private final Path err;

  private Launched(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it in a folder, with these variables besides the environment's. */
  static Launched start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(LAUNCHER, folder, environment, arguments);
  }

  /** Starts it by a launcher that is not this project's own. */
  static Launched start(
      Path launcher, Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal=INT", launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "launched", ".out");
    Path err = Files.createTempFile(folder, "launched", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new Launched(builder.start(), out, err);
  }

  static Launched run(Path folder, Duration deadline, String... arguments)
      throws IOException, InterruptedException {
    Launched launched = start(folder, Map.of(), arguments);
    launched.await(deadline);
    return launched;
  }

  /** Waits for its end; its exit status. */
  int await(Duration deadline) throws InterruptedException {
    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("not ended within " + deadline + ":\n" + err());
    }
    return process.exitValue();
  }

  /** Waits until what it has said on stderr fits. */
  void awaitErr(Predicate<String> fits, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (!fits.test(err())) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("never said so:\n" + err());
      }
      Thread.sleep(50);
    }
  }

  /** Sends it a signal, as Ctrl-C does. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Ends it at once, as a machine does that loses its power. */
  void kill() {
    process.destroyForcibly();
  }

  int status() {
    return process.exitValue();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command of the docker client prints. */
  static String docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Process docker = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(docker.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    docker.waitFor();
    return output.strip();
  }

  /** Takes off the engine what has a name in a registry. */
  static void forgetImagesOf(String registry) throws IOException, InterruptedException {
    for (String image : docker("images", "--format={{.Repository}}:{{.Tag}}").lines().toList()) {
      if (image.startsWith(registry + "/")) {
        docker("rmi", image);
      }
    }
  }

  /** The newest base of a variant that was bootstrapped for this machine. */
  static String bootstrapped(String variant) throws IOException, InterruptedException {
    return docker(
            "images",
            "--format={{.Repository}}:{{.Tag}}",
            "--filter=reference=localhost/baseimage-build/base:" + variant + "-amd64-recipe-*")
        .lines()
        .findFirst()
        .orElseThrow();
  }
}

package io.baseimage.bootstrap;

import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs tools in a session of their own: Ctrl-C in the terminal is for us, and we end them in order.
 */
final class ToolRun {
  private static final Duration ENDING = Duration.ofSeconds(5);

  private final Programs programs;
  private final Map<String, String> environment;
  private final RunLog log;
  private final List<String> prefix = new ArrayList<>();

  ToolRun(Programs programs, Map<String, String> environment, RunLog log) {
    this.programs = programs;
    this.environment = new HashMap<>(environment);
    this.environment.put("PATH", programs.path());
    this.environment.put("LC_ALL", "C.UTF-8");
    this.environment.put("DEBIAN_FRONTEND", "noninteractive");
    this.log = log;
    ifInstalled("setsid");
  }

  /** From now on, what a tool mounts is unmounted when its last process is gone. */
  void inOwnMountNamespace() {
    ifInstalled("unshare", "--mount");
  }

  private void ifInstalled(String program, String... arguments) {
    if (programs.find(program).isPresent()) {
      prefix.add(program);
      prefix.addAll(List.of(arguments));
    }
  }

  void variable(String name, String value) {
    environment.put(name, value);
  }

  /**
   * Runs a tool, with its output in the log.
   *
   * @throws InterruptedException when the thread is interrupted, after the tool and what it had
   *     started have ended
   */
  ToolResult run(List<String> command) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    ToolOutput output = new ToolOutput(log);
    // The environment's PATH is not the one that Java looks for the program in.
    whole.set(0, programs.find(whole.get(0)).map(Path::toString).orElse(whole.get(0)));
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread reader = new Thread(() -> read(process.getInputStream(), output), "tool-output");
    reader.setDaemon(true);
    reader.start();
    try {
      int status = process.waitFor();
      reader.join();
      return new ToolResult(command.get(0), status, output.end(), output.complaints());
    } catch (InterruptedException e) {
      end(process);
      throw e;
    }
  }

  private static void read(InputStream stream, ToolOutput output) {
    try (Scanner lines = new Scanner(stream, StandardCharsets.UTF_8).useDelimiter("\n")) {
      while (lines.hasNext()) {
        output.accept(lines.next());
      }
    }
  }

  /** TERM first, so that the tool clears up after itself; then KILL for whatever is left. */
  private static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(0, process.toHandle());
    process.destroy();
    await(all);
    // Those that were started meanwhile, too.
    all.addAll(process.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    await(all);
  }

  private static void await(List<ProcessHandle> processes) {
    long deadline = System.nanoTime() + ENDING.toNanos();
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return;
      } catch (ExecutionException | InterruptedException e) {
        // Told to hurry: what is left is killed.
        return;
      }
    }
  }
}

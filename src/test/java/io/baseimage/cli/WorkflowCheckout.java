package io.baseimage.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A copy of this project in which scripts of workflows run as GitHub runs them: by its shell, with
 * the variables that the files set. Its gh only notes what it is called with.
 */
final class WorkflowCheckout {
  private static final Duration LONG = Duration.ofMinutes(8);
  private static final List<String> FILES =
      List.of(
          ".ci",
          ".github",
          "Makefile",
          "baseimage-build",
          "init-scripts",
          "pom.xml",
          "src/main",
          "templates",
          "variants",
          "target/baseimage-build-all.jar");

  private final Path folder;
  private final Path root;

  /**
   * What a step has come to.
   *
   * @param said all that it has printed
   * @param outputs the file with its outputs
   * @param summary the page that it has written for the job's summary
   */
  record Step(int status, String said, String outputs, String summary) {
    String output(String name) {
      return outputs
          .lines()
          .filter(line -> line.startsWith(name + "="))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no output " + name + ":\n" + said))
          .substring(name.length() + 1);
    }
  }

  WorkflowCheckout(Path folder) throws IOException {
    this.folder = folder;
    this.root = folder.resolve("checkout");
    for (String each : FILES) {
      copy(Path.of(each));
    }
    // Folders are newer than what was copied into them, and the jar is not to be made again.
    Files.setLastModifiedTime(
        root.resolve("target/baseimage-build-all.jar"), FileTime.from(Instant.now()));
    Path gh = Files.createDirectory(folder.resolve("bin")).resolve("gh");
    Files.writeString(
        gh,
        """
        #!/bin/sh
        printf '%s|' "$@" >>"$GH_CALLS"
        echo >>"$GH_CALLS"
        case "$1 $2" in
          'run view') echo "- [rebuild (red)](https://github.example/job/1)" ;;
          'issue list') cat "$GH_ISSUES" ;;
        esac
        """);
    Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("issues"), "7\tSomething else\n");
  }

  private void copy(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.toList()) {
        Path copy = root.resolve(each);
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        if (!Files.isDirectory(each)) {
          Files.copy(each, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  Path root() {
    return root;
  }

  /** Runs a script where a job begins, with these values of expressions. */
  Step run(WorkflowFile.Script script, Map<String, String> values) throws Exception {
    return run(script, values, root, root);
  }

  /** Runs it in another folder, for an action with that checkout of the toolkit. */
  Step run(WorkflowFile.Script script, Map<String, String> values, Path directory, Path toolkit)
      throws Exception {
    Path file = Files.writeString(Files.createTempFile(folder, "step", ".sh"), script.run());
    Path said = Files.createTempFile(folder, "said", ".txt");
    Path outputs = Files.createTempFile(folder, "outputs", ".txt");
    Path summary = Files.createTempFile(folder, "summary", ".md");
    // How GitHub calls bash, with and without 'shell: bash', comes to the same for one command.
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-e", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Map<String, String> environment = builder.environment();
    environment.putAll(script.environment(values));
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("GH_CALLS", folder.resolve("calls").toString());
    environment.put("GH_ISSUES", folder.resolve("issues").toString());
    environment.put("GITHUB_ACTION_PATH", toolkit.resolve(".github/actions/baseimage").toString());
    environment.put("GITHUB_OUTPUT", outputs.toString());
    environment.put("GITHUB_STEP_SUMMARY", summary.toString());
    environment.put("GITHUB_SERVER_URL", "https://github.example");
    environment.put("GITHUB_REPOSITORY", "joe/images");
    environment.put("GITHUB_RUN_ID", "42");
    environment.put("RUNNER_TEMP", folder.toString());
    Process process = builder.start();
    if (!process.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("not ended within " + LONG + ":\n" + Files.readString(said));
    }
    return new Step(
        process.exitValue(),
        Files.readString(said),
        Files.readString(outputs),
        Files.readString(summary));
  }

  /** What gh was called with since the last time. */
  String calls() throws IOException {
    String calls = Files.readString(folder.resolve("calls"));
    Files.delete(folder.resolve("calls"));
    return calls;
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.Workspace;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * All that the program takes from the world around it.
 *
 * @param environment the environment's variables
 * @param home the user's home folder
 * @param directory the folder that the program was started in
 * @param root the project's folder, with {@code variants}, {@code templates} and the rest
 * @param temporary where temporary files go
 * @param superuser whether the user is root
 * @param terminalWidth the columns of the terminal that stderr is; empty if it is none
 * @param out where data goes
 * @param err where progress goes
 * @param clock the time
 */
record Surroundings(
    Map<String, String> environment,
    Path home,
    Path directory,
    Path root,
    Path temporary,
    boolean superuser,
    Optional<Integer> terminalWidth,
    PrintStream out,
    PrintStream err,
    Clock clock) {

  Surroundings {
    environment = Map.copyOf(environment);
  }

  Workspace workspace() {
    return new Workspace(
        xdg("XDG_CACHE_HOME", ".cache"), xdg("XDG_STATE_HOME", ".local/state"), temporary);
  }

  /** The same with nothing that the user has set, and with another home. */
  Surroundings at(Path otherHome) {
    return new Surroundings(
        Map.of(), otherHome, directory, root, temporary, superuser, terminalWidth, out, err, clock);
  }

  private Path xdg(String variable, String otherwise) {
    String value = environment.getOrDefault(variable, "");
    // The specification says that a relative path there is to be ignored.
    Path folder = value.startsWith("/") ? Path.of(value) : home.resolve(otherwise);
    return folder.resolve("baseimage-build");
  }

  /** A path as the user wrote it. */
  Path resolve(Path path) {
    return directory.resolve(path).normalize();
  }
}

package io.baseimage.engine;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an engine is looked for in.
 *
 * @param environment the environment variables
 * @param home the user's home directory
 * @param state the folder that the toolkit keeps its own state in, its engine's too
 * @param superuser whether the user is root
 * @param fileSystem where the system's own sockets and programs are: {@code /}
 */
public record Surroundings(
    Map<String, String> environment, Path home, Path state, boolean superuser, Path fileSystem) {

  /** Copies the environment and makes the paths absolute. */
  public Surroundings {
    environment = Map.copyOf(environment);
    home = home.toAbsolutePath();
    state = state.toAbsolutePath();
    fileSystem = fileSystem.toAbsolutePath();
  }

  /** The real system's. */
  public Surroundings(Map<String, String> environment, Path home, Path state, boolean superuser) {
    this(environment, home, state, superuser, Path.of("/"));
  }

  /** A variable's value; empty also where it is set to nothing. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** The folder of the Docker client's configuration. */
  Path dockerConfiguration() {
    return variable("DOCKER_CONFIG").map(Path::of).orElseGet(() -> home.resolve(".docker"));
  }
}

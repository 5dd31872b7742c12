package io.baseimage.engine;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds an engine. What was chosen ({@code DOCKER_HOST}, then the Docker context) is taken or fails
 * by itself; else Docker's socket, those of rootless Docker, Podman's and the toolkit's own engine
 * are tried in turn, and at last an engine is started.
 */
public final class EngineLocator {
  private final Surroundings surroundings;
  private final OwnEngine ownEngine;

  /** Looks in these surroundings. */
  public EngineLocator(Surroundings surroundings) {
    this(surroundings, new OwnEngine(surroundings));
  }

  EngineLocator(Surroundings surroundings, OwnEngine ownEngine) {
    this.surroundings = surroundings;
    this.ownEngine = ownEngine;
  }

  /**
   * Finds or starts an engine.
   *
   * @param log told when one is started
   * @throws EngineException of kind {@link Kind#UNREACHABLE} when there is none, saying what was
   *     tried and what to do
   */
  public Engine locate(RunLog log) {
    List<String> tried = new ArrayList<>();
    Optional<Engine> running = running(tried);
    if (running.isPresent()) {
      return running.get();
    }
    Optional<String> obstacle = ownEngine.obstacle();
    if (obstacle.isPresent()) {
      tried.add("the toolkit's own engine " + obstacle.get());
      throw nothing(tried);
    }
    return connectChosen(ownEngine.start(log));
  }

  /**
   * Finds an engine that runs, and starts none.
   *
   * @param tried what was tried in vain is added to it, a line for each
   * @throws EngineException of kind {@link Kind#UNREACHABLE} when one was chosen ({@code
   *     DOCKER_HOST}, a Docker context) that does not answer
   */
  public Optional<Engine> running(List<String> tried) {
    Optional<Endpoint> chosen = chosen();
    if (chosen.isPresent()) {
      return Optional.of(connectChosen(chosen.get()));
    }
    for (Endpoint candidate : candidates()) {
      try {
        return Optional.of(connect(candidate));
      } catch (Silence e) {
        tried.add(candidate.foundBy() + ", " + candidate + ": " + e.seen());
      }
    }
    return Optional.empty();
  }

  private Optional<Endpoint> chosen() {
    Optional<Path> certificates = certificates();
    Optional<String> host = surroundings.variable("DOCKER_HOST");
    if (host.isPresent()) {
      return Optional.of(Endpoint.parse(host.get(), certificates, "DOCKER_HOST"));
    }
    DockerContexts contexts = new DockerContexts(surroundings.dockerConfiguration());
    Optional<String> variable = surroundings.variable("DOCKER_CONTEXT");
    if (variable.isPresent()) {
      return variable
          .flatMap(DockerContexts::named)
          .map(name -> contexts.endpoint(name, "DOCKER_CONTEXT"));
    }
    return contexts.current().map(name -> contexts.endpoint(name, "Docker context"));
  }

  private Optional<Path> certificates() {
    boolean encrypted =
        surroundings
            .variable("DOCKER_TLS_VERIFY")
            .filter(value -> !value.equals("0") && !value.equalsIgnoreCase("false"))
            .isPresent();
    if (!encrypted) {
      return Optional.empty();
    }
    return Optional.of(
        surroundings
            .variable("DOCKER_CERT_PATH")
            .map(Path::of)
            .orElseGet(surroundings::dockerConfiguration));
  }

  private List<Endpoint> candidates() {
    List<Endpoint> candidates = new ArrayList<>();
    Path system = surroundings.fileSystem();
    candidates.add(Endpoint.socket(system.resolve("var/run/docker.sock"), "default socket"));
    Optional<Path> runtime = surroundings.variable("XDG_RUNTIME_DIR").map(Path::of);
    String rootless = "rootless Docker";
    runtime.ifPresent(dir -> candidates.add(Endpoint.socket(dir.resolve("docker.sock"), rootless)));
    Path docker = surroundings.home().resolve(".docker");
    candidates.add(Endpoint.socket(docker.resolve("run/docker.sock"), rootless));
    candidates.add(Endpoint.socket(docker.resolve("desktop/docker.sock"), "Docker Desktop"));
    runtime.ifPresent(
        dir -> candidates.add(Endpoint.socket(dir.resolve("podman/podman.sock"), "Podman")));
    candidates.add(Endpoint.socket(system.resolve("run/podman/podman.sock"), "Podman"));
    candidates.add(ownEngine.endpoint());
    return candidates;
  }

  private Engine connectChosen(Endpoint endpoint) {
    try {
      return connect(endpoint);
    } catch (Silence e) {
      throw new EngineException(
          Kind.UNREACHABLE,
          "Tried to reach the engine at "
              + endpoint
              + " ("
              + endpoint.foundBy()
              + "), but: "
              + e.seen()
              + ". Start that engine, or choose another one (unset DOCKER_HOST, 'docker context use"
              + " default').",
          e);
    }
  }

  private Engine connect(Endpoint endpoint) throws Silence {
    Optional<Path> socket = endpoint.address().socketFile();
    if (socket.isPresent()) {
      requireListening(socket.get());
    }
    return new DockerEngine(Connection.open(endpoint, surroundings.dockerConfiguration()));
  }

  /** Tells a socket that is not there, not for us or dead apart, without a request. */
  static void requireListening(Path socket) throws Silence {
    if (!Files.exists(socket)) {
      throw new Silence("not there", null);
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.finishConnect();
    } catch (IOException | IllegalArgumentException e) {
      String seen = Failures.reason(e);
      throw new Silence(
          switch (seen) {
            case "Permission denied" ->
                "permission denied (add yourself to the group 'docker' and log in again, or use"
                    + " sudo)";
            case "Connection refused" -> "nobody listens (dead: connection refused)";
            default -> seen;
          },
          e);
    }
  }

  private EngineException nothing(List<String> tried) {
    return new EngineException(
        Kind.UNREACHABLE,
        "Tried to find a Docker-compatible engine, but none answers:\n  "
            + String.join("\n  ", tried)
            + "\nInstall one (on Debian and Ubuntu: 'apt-get install docker.io', or 'podman'), start"
            + " it ('systemctl start docker'), or set DOCKER_HOST to one that runs.");
  }
}

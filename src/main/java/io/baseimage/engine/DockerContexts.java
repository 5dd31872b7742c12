package io.baseimage.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The contexts that the Docker client keeps: named addresses of engines. */
final class DockerContexts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path configuration;

  /** Those of a Docker client's configuration folder. */
  DockerContexts(Path configuration) {
    this.configuration = configuration;
  }

  /** The context that {@code docker context use} chose; empty if none or the default one. */
  Optional<String> current() {
    Path file = configuration.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    return named(read(file, "the Docker client's configuration").path("currentContext").asText());
  }

  /** A context's name, unless it is the default one's. */
  static Optional<String> named(String name) {
    return name.isBlank() || name.equals("default") ? Optional.empty() : Optional.of(name);
  }

  /**
   * Where a context's engine is.
   *
   * @throws EngineException of kind UNREACHABLE if there is no such context
   */
  Endpoint endpoint(String name, String foundBy) {
    String folder = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    Path meta = configuration.resolve("contexts/meta").resolve(folder).resolve("meta.json");
    if (!Files.isRegularFile(meta)) {
      throw new EngineException(
          Kind.UNREACHABLE,
          "Tried to use the Docker context '"
              + name
              + "' ("
              + foundBy
              + "), but there is none of that name in "
              + configuration.resolve("contexts")
              + ". 'docker context ls' lists them; 'docker context use default' goes back.");
    }
    String host =
        read(meta, "the Docker context '" + name + "'")
            .path("Endpoints")
            .path("docker")
            .path("Host")
            .asText();
    Path certificates = configuration.resolve("contexts/tls").resolve(folder).resolve("docker");
    return Endpoint.parse(
        host, Optional.of(certificates).filter(Files::isDirectory), foundBy + " " + name);
  }

  private static JsonNode read(Path file, String what) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new EngineException(
          Kind.UNREACHABLE,
          "Tried to read " + what + " in " + file + ", but: " + Failures.reason(e),
          e);
    }
  }
}

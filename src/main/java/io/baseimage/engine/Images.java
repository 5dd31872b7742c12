package io.baseimage.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.RootFS;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageConfiguration;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From docker-java's picture of an image to the pipeline's. */
final class Images {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> HUB_PREFIXES =
      List.of("docker.io/library/", "docker.io/", "index.docker.io/library/", "index.docker.io/");

  private Images() {}

  static EngineImage image(InspectImageResponse answer) {
    ContainerConfig config = answer.getConfig();
    RootFS rootFs = answer.getRootFS();
    return new EngineImage(
        id(answer.getId()),
        orEmpty(answer.getRepoTags()).stream()
            .filter(tag -> !tag.contains("<none>"))
            .map(Images::familiar)
            .toList(),
        orEmpty(answer.getRepoDigests()).stream()
            .filter(name -> !name.contains("<none>"))
            .map(Images::familiar)
            .toList(),
        new Platform(
            Optional.ofNullable(answer.getOs()).filter(os -> !os.isEmpty()).orElse("linux"),
            answer.getArch()),
        Optional.ofNullable(answer.getSize()).orElse(0L),
        created(answer.getCreated()),
        Optional.ofNullable(config).map(ContainerConfig::getLabels).orElse(Map.of()),
        (rootFs == null ? List.<String>of() : orEmpty(rootFs.getLayers()))
            .stream().map(Digest::parse).toList());
  }

  /** As the engine has it: docker-java leaves out what it has no word for. */
  static ImageConfiguration configuration(Connection connection, String imageId) {
    Request request =
        Request.builder()
            .method(Request.Method.GET)
            .path(connection.pathPrefix() + "/images/" + imageId + "/json")
            .build();
    try (Response response = connection.http().execute(request)) {
      if (response.getStatusCode() != 200) {
        throw new DockerException("no such image: " + imageId, response.getStatusCode());
      }
      return ImageConfiguration.of(JSON.readTree(response.getBody()).path("Config"));
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.UNREACHABLE,
          "Tried to read the configuration of " + imageId + ", but: " + e,
          e);
    }
  }

  /** An id, with or without {@code sha256:} in front. */
  static Digest id(String text) {
    return text.contains(":") ? Digest.parse(text) : new Digest(text);
  }

  /** A name without what Docker leaves out for Docker Hub, and Podman writes. */
  static String familiar(String name) {
    for (String prefix : HUB_PREFIXES) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }

  private static Instant created(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Instant.EPOCH;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}

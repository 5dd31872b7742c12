package io.baseimage.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.LoadResponseItem;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Engines before 23.0 import every root file system as one of their own architecture. What they
 * load keeps the architecture that its configuration says: so the imported image's configuration is
 * loaded once more, with another architecture and the layer that the engine has by now.
 */
final class ForeignImage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  ForeignImage(Connection connection) {
    this.connection = connection;
  }

  EngineImage relabel(EngineImage imported, ImageReference reference, Platform platform) {
    String doing = "load " + reference + " for " + platform;
    try {
      byte[] archive = archive(configuration(imported, platform), imported, reference);
      StreamedAnswer<LoadResponseItem> answer = new StreamedAnswer<>(item -> {});
      connection.client().loadImageAsyncCmd(new ByteArrayInputStream(archive)).exec(answer);
      answer
          .await(connection)
          .ifPresent(
              error -> {
                throw new EngineException(
                    Kind.PLATFORM,
                    "Tried to "
                        + doing
                        + ", but the engine has no such platform: "
                        + error.message()
                        + ". Use Docker Engine 23.0 or newer.");
              });
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    } catch (IOException e) {
      throw new EngineException(Kind.REFUSED, "Tried to " + doing + ": " + e, e);
    } catch (RuntimeException e) {
      throw Failures.of(doing, connection.endpoint(), e);
    }
    return connection.ask(
        doing,
        () -> {
          connection.client().removeImageCmd(imported.id().toString()).exec();
          return Images.image(connection.client().inspectImageCmd(reference.toString()).exec());
        });
  }

  private byte[] configuration(EngineImage imported, Platform platform) throws IOException {
    JsonNode seen = inspectRaw(imported.id());
    ObjectNode configuration = JSON.createObjectNode();
    configuration.put("architecture", platform.architecture());
    configuration.put("os", platform.os());
    configuration.set("created", seen.path("Created"));
    configuration.set("config", seen.path("Config"));
    ObjectNode rootfs = configuration.putObject("rootfs");
    rootfs.put("type", "layers");
    ArrayNode layers = rootfs.putArray("diff_ids");
    imported.layers().forEach(layer -> layers.add(layer.toString()));
    ObjectNode step = configuration.putArray("history").addObject();
    step.set("created", seen.path("Created"));
    step.set("comment", seen.path("Comment"));
    return JSON.writeValueAsBytes(configuration);
  }

  private JsonNode inspectRaw(Digest id) throws IOException {
    Request request =
        Request.builder()
            .method(Request.Method.GET)
            .path(connection.pathPrefix() + "/images/" + id + "/json")
            .build();
    try (Response response = connection.http().execute(request)) {
      if (response.getStatusCode() != 200) {
        throw new DockerException(
            new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8),
            response.getStatusCode());
      }
      return JSON.readTree(response.getBody());
    }
  }

  private static byte[] archive(
      byte[] configuration, EngineImage imported, ImageReference reference) throws IOException {
    String name = Digest.of(configuration).hex() + ".json";
    ArrayNode manifest = JSON.createArrayNode();
    ObjectNode image = manifest.addObject();
    image.put("Config", name);
    image
        .putArray("RepoTags")
        .add(reference.repository() + ":" + reference.effectiveTag().orElse("latest"));
    ArrayNode layers = image.putArray("Layers");
    // Never opened: the engine looks for a layer by its digest before it reads the archive's.
    imported.layers().forEach(layer -> layers.add(layer.hex() + "/layer.tar"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      entry(tar, name, configuration);
      entry(tar, "manifest.json", JSON.writeValueAsBytes(manifest));
    }
    return bytes.toByteArray();
  }

  private static void entry(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}

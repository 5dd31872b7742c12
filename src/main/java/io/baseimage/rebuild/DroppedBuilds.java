package io.baseimage.rebuild;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds whose content was that of a published image, and which were dropped: what their labels say
 * is true of the published image, too, and is no reason to build once more. A file for each image,
 * which may be removed at any time.
 */
public final class DroppedBuilds {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LABELS =
      List.of(
          ImageRecipe.BASE_NAME_LABEL,
          ImageRecipe.BASE_DIGEST_LABEL,
          ImageRecipe.BASE_ORIGIN_LABEL);

  private final Path folder;

  /** Those of a workspace. */
  public DroppedBuilds(Workspace workspace) {
    this.folder = workspace.state().resolve("dropped");
  }

  /**
   * A published image's labels, in the place of some of which those of a build are.
   *
   * @param config the digest of its configuration
   */
  Map<String, String> labels(Digest config, Map<String, String> published) {
    Map<String, String> labels = new HashMap<>(published);
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(folder.resolve(config.hex())));
      root.properties().forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
      return labels;
    } catch (NoSuchFileException | JsonProcessingException e) {
      return labels;
    } catch (IOException e) {
      throw new OutputException("read what is known of dropped builds", folder, e);
    }
  }

  /**
   * Notes that a build has the content of a published image, which is as good as built now: the
   * build's own label has the time of the newest list of packages, and lists may not change any
   * more.
   *
   * @param config the digest of the published image's configuration
   * @param built the labels of the build
   */
  public void add(Digest config, Map<String, String> built, Instant now) {
    ObjectNode root = JSON.createObjectNode();
    root.put(ImageRecipe.CREATED_LABEL, now.truncatedTo(ChronoUnit.SECONDS).toString());
    built.forEach(
        (key, value) -> {
          if (LABELS.contains(key) || key.startsWith(Fingerprints.LABELS)) {
            root.put(key, value);
          }
        });
    try {
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "new", null);
      Files.write(written, JSON.writeValueAsBytes(root));
      Files.move(written, folder.resolve(config.hex()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("note that a build was dropped", folder, e);
    }
  }
}

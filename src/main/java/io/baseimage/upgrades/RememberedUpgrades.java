package io.baseimage.upgrades;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was found out of images before, and in which state the package indexes were then: a file for
 * each image, which may be removed at any time.
 */
final class RememberedUpgrades {
  /** Another one whenever what is found out changes though nothing else does. */
  private static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  RememberedUpgrades(Path cache) {
    this.folder = cache.resolve("upgrades");
  }

  /**
   * What was found out.
   *
   * @param releases the digest of each list of indexes, by its address; it holds as long as all of
   *     them are the same
   */
  record Finding(Map<String, String> releases, List<Upgrade> upgrades) {
    Finding {
      releases = Map.copyOf(releases);
      upgrades = List.copyOf(upgrades);
    }

    boolean holds(Map<String, String> now) {
      return now.entrySet().containsAll(releases.entrySet());
    }
  }

  Optional<Finding> find(Digest image) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(folder.resolve(image.hex())));
      Map<String, String> releases = new LinkedHashMap<>();
      root.path("releases")
          .properties()
          .forEach(each -> releases.put(each.getKey(), each.getValue().asText()));
      if (root.path("format").asInt() != FORMAT
          || releases.isEmpty()
          || !root.path("upgrades").isArray()) {
        return Optional.empty();
      }
      List<Upgrade> upgrades = new ArrayList<>();
      for (JsonNode each : root.path("upgrades")) {
        upgrades.add(
            new Upgrade(
                each.path("name").asText(),
                each.path("before").asText(),
                each.path("after").asText(),
                Security.of(each.path("security").asBoolean())));
      }
      return Optional.of(new Finding(releases, upgrades));
    } catch (IOException e) {
      // Not there, as a rule. What cannot be read is asked for again.
      return Optional.empty();
    }
  }

  void remember(Digest image, Finding finding) {
    ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
    ObjectNode releases = root.putObject("releases");
    finding.releases().forEach(releases::put);
    ArrayNode upgrades = root.putArray("upgrades");
    for (Upgrade upgrade : finding.upgrades()) {
      upgrades
          .addObject()
          .put("name", upgrade.name())
          .put("before", upgrade.before())
          .put("after", upgrade.after())
          .put("security", upgrade.security() == Security.YES);
    }
    try {
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "new", null);
      Files.write(written, JSON.writeValueAsBytes(root));
      Files.move(written, folder.resolve(image.hex()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // It is asked for again the next time, which is no reason to fail now.
      return;
    }
  }
}

package io.baseimage.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.image.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest that names another one as its subject, as a list of such manifests describes it.
 *
 * @param digest its digest
 * @param artifactType what it is, for example {@code application/vnd.cyclonedx+json}; empty if the
 *     list does not say it
 * @param annotations its annotations, as far as the list repeats them
 */
public record Referrer(Digest digest, String artifactType, Map<String, String> annotations) {

  /** Copies the map. */
  public Referrer {
    annotations = Map.copyOf(annotations);
  }

  /** Those that an image index describes; entries that are none are left out. */
  public static List<Referrer> in(JsonNode index) {
    List<Referrer> all = new ArrayList<>();
    for (JsonNode entry : index.path("manifests")) {
      String digest = entry.path("digest").asText();
      if (digest.matches("sha256:[0-9a-f]{64}")) {
        Map<String, String> annotations = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : entry.path("annotations").properties()) {
          annotations.put(each.getKey(), each.getValue().asText());
        }
        all.add(
            new Referrer(Digest.parse(digest), entry.path("artifactType").asText(), annotations));
      }
    }
    return all;
  }
}

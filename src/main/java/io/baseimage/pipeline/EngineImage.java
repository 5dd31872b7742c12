package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An image on an engine.
 *
 * @param id the engine's id of it (the digest of its configuration, or of its manifest)
 * @param tags its names
 * @param repositoryDigests the names with digests under which registries have it
 * @param platform what it runs on
 * @param sizeBytes the size of all its layers, unpacked, in bytes
 * @param created when its configuration says that it was made
 * @param labels its labels
 * @param layers the digests of its layers, uncompressed, from the base up
 */
public record EngineImage(
    Digest id,
    List<String> tags,
    List<String> repositoryDigests,
    Platform platform,
    long sizeBytes,
    Instant created,
    Map<String, String> labels,
    List<Digest> layers) {

  /** Copies the collections. */
  public EngineImage {
    tags = List.copyOf(tags);
    repositoryDigests = List.copyOf(repositoryDigests);
    labels = Map.copyOf(labels);
    layers = List.copyOf(layers);
  }
}

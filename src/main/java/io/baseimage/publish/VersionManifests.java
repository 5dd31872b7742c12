package io.baseimage.publish;

import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Registry;
import io.baseimage.version.ImageVersion;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the manifests of versions; what they name, and what is attached to it, is in the registry
 * before they are.
 *
 * @param stored what each image became
 * @param sboms those of the images, whose blobs are in the registry
 */
record VersionManifests(
    Registry registry, Map<EngineImage, StoredImage> stored, Sboms sboms, Clock clock) {
  /** The annotation with the number of a version. */
  static final String VERSION = "org.opencontainers.image.version";

  /** The annotation with the time at which it was published, in UTC. */
  static final String PUBLISHED = "io.baseimage.published";

  /**
   * That of a version: an image's, or an index of those for its platforms.
   *
   * @param keep run before each request that writes
   */
  Manifest of(Release release, ImageVersion version, Runnable keep) {
    Map<String, String> annotations = new TreeMap<>(release.annotations());
    annotations.put(VERSION, version.toString());
    annotations.put(PUBLISHED, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    List<Manifest> manifests = new ArrayList<>();
    List<Platform> platforms = new ArrayList<>();
    for (EngineImage image : release.images()) {
      StoredImage each = stored.get(image);
      if (each == null) {
        throw new IllegalArgumentException("not stored: " + image.id());
      }
      Manifest manifest = Manifests.image(each, annotations);
      sboms.attach(registry, image, manifest, annotations, keep);
      manifests.add(manifest);
      platforms.add(each.platform());
    }
    if (manifests.size() == 1) {
      return manifests.get(0);
    }
    for (Manifest manifest : manifests) {
      registry.put(manifest.digest().toString(), manifest, keep);
    }
    return Manifests.index(manifests, platforms, annotations);
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageRecipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a repository has of a variant for those who ask for it now.
 *
 * @param name by which it was found: the alias, or the newest version's tag
 * @param version its number, for example {@code 2026.11-003}; empty if its manifest does not say it
 * @param digest of its manifest or index
 * @param images one for each platform
 */
public record CurrentVersion(
    ImageReference name, Optional<String> version, Digest digest, List<Image> images) {

  /** Copies the list. */
  public CurrentVersion {
    images = List.copyOf(images);
  }

  /** The place that a release takes which was compared with it. */
  public Release.Place place() {
    return new Release.Place.Tag(name.effectiveTag().orElseThrow(), digest);
  }

  /**
   * An image for one platform.
   *
   * @param manifest the digest of its manifest
   * @param config the digest of its configuration
   * @param created when its configuration says that it was made; empty if it does not
   */
  public record Image(
      Platform platform,
      Digest manifest,
      Digest config,
      Optional<String> created,
      Map<String, String> labels) {

    /** Copies the map. */
    public Image {
      labels = Map.copyOf(labels);
    }

    /** What a label says; empty if it says nothing. */
    public Optional<String> label(String key) {
      return Optional.ofNullable(labels.get(key)).filter(value -> !value.isEmpty());
    }

    /** When it was built. */
    public Optional<String> built() {
      return label(ImageRecipe.CREATED_LABEL).or(() -> created);
    }
  }
}

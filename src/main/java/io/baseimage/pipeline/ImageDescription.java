package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import java.util.Optional;

/**
 * An image, as far as it can be told without running or pulling it.
 *
 * @param name what it was asked for by
 * @param place where it is
 * @param digest the engine's id of it, or that of its manifest in a registry
 * @param sizeBytes of its layers: unpacked on an engine, compressed in a registry
 * @param inventory what is in it; empty if that is not known
 */
public record ImageDescription(
    String name,
    Place place,
    Digest digest,
    Platform platform,
    long sizeBytes,
    ImageConfiguration configuration,
    Optional<Inventory> inventory) {

  /** Who keeps images. */
  public enum Place {
    /** An engine. */
    ENGINE,
    /** A registry. */
    REGISTRY
  }
}

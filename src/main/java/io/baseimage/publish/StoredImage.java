package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ContentSource;
import java.util.List;
import java.util.Optional;

/**
 * An image as a registry keeps it.
 *
 * @param config the digest of its configuration, which is the image's id on the engine
 * @param configSize in bytes
 * @param configContent the configuration; empty if it is not at hand
 * @param layers from the base up
 */
record StoredImage(
    Platform platform,
    Digest config,
    long configSize,
    Optional<ContentSource> configContent,
    List<Layer> layers) {

  StoredImage {
    layers = List.copyOf(layers);
  }

  /**
   * A layer, compressed.
   *
   * @param diffId the digest of its tar file, uncompressed
   * @param digest of the compressed file
   * @param size of the compressed file, in bytes
   * @param content the compressed file; empty if it is not at hand
   */
  record Layer(Digest diffId, Digest digest, long size, Optional<ContentSource> content) {}
}

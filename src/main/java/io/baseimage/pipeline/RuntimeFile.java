package io.baseimage.pipeline;

import io.baseimage.image.Digest;

/**
 * A file that the toolkit has put into an image.
 *
 * @param path where it is in the image, absolute
 * @param digest of its content
 */
public record RuntimeFile(String path, Digest digest) {

  /** Replaces control characters. */
  public RuntimeFile {
    path = PlainText.of(path);
  }
}

package io.baseimage.image;

import java.util.Arrays;

/** An image's manifest or an index of several, as the bytes that its digest is made of. */
public final class Manifest {
  private final String mediaType;
  private final byte[] bytes;

  /**
   * A manifest.
   *
   * @param mediaType for example {@code application/vnd.oci.image.manifest.v1+json}
   * @param bytes the JSON, byte for byte
   */
  public Manifest(String mediaType, byte[] bytes) {
    this.mediaType = mediaType;
    this.bytes = bytes.clone();
  }

  /** What kind of manifest it is. */
  public String mediaType() {
    return mediaType;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The digest of the bytes: the name under which a registry has them. */
  public Digest digest() {
    return Digest.of(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest manifest
        && mediaType.equals(manifest.mediaType)
        && Arrays.equals(bytes, manifest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return mediaType + " " + digest();
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.version.ImageVersion;
import java.util.List;

/**
 * A version as it is in a registry now, read back.
 *
 * @param name the tag that never moves
 * @param digest of the manifest, or of the index of several platforms
 * @param aliases the tags that follow it
 */
public record Published(
    ImageReference name, ImageVersion version, Digest digest, List<ImageReference> aliases) {

  /** Copies the list. */
  public Published {
    aliases = List.copyOf(aliases);
  }
}

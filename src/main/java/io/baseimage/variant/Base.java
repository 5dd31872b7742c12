package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.util.Optional;

/**
 * Where a variant starts from.
 *
 * @param image the distribution's own image, as registries name it
 * @param bootstrap how to make the same from packages where no registry has it; empty where no tool
 *     makes it, or where this very image was asked for
 * @param mirror the address of the archive that the image's package sources name, if not the
 *     distribution's own
 */
public record Base(ImageReference image, Optional<Bootstrap> bootstrap, Optional<String> mirror) {

  static ImageReference official(Distribution distribution, String release) {
    return ImageReference.parse(distribution.id() + ":" + release);
  }
}

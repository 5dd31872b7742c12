package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.util.Optional;

/**
 * Where a variant starts from.
 *
 * @param image the distribution's own image, as registries name it
 * @param bootstrap how to make the same from packages where no registry has it; empty where no tool
 *     makes it
 */
public record Base(ImageReference image, Optional<Bootstrap> bootstrap) {

  static ImageReference official(Distribution distribution, String release) {
    return ImageReference.parse(distribution.id() + ":" + release);
  }
}

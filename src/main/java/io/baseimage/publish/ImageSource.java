package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.EngineImage;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Where images are before they are published. */
interface ImageSource {

  /**
   * An image as a registry keeps it.
   *
   * @param isPresent whether every registry has a blob, which then is not needed
   * @param folder for files that are needed until it is published
   */
  StoredImage stored(EngineImage image, Predicate<Digest> isPresent, Path folder);

  /** The SBOM that is attached to it. */
  byte[] sbom(EngineImage image);
}

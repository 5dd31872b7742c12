package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;

/** The registries that can be spoken to, each with the credentials that there are for it. */
public interface Registries {

  /**
   * A repository of a registry; nothing is asked of the registry yet.
   *
   * @param repository its name, for example {@code registry.example:5000/joe/baseimage}; a tag or
   *     digest is ignored
   */
  Registry open(ImageReference repository);
}

package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import java.util.Optional;

/** The registries that can be spoken to, each with the credentials that there are for it. */
public interface Registries {

  /**
   * A repository of a registry; nothing is asked of the registry yet.
   *
   * @param repository its name, for example {@code registry.example:5000/joe/baseimage}; a tag or
   *     digest is ignored
   */
  Registry open(ImageReference repository);

  /**
   * Who the user is where a repository is; empty if there are no credentials for it.
   *
   * @param repository as {@link #open} has it
   */
  default Optional<RegistryLogin> login(ImageReference repository) {
    return Optional.empty();
  }
}

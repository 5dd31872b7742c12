package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository's tags.
 *
 * @param failure why they could not be read; empty if they were
 */
record PublishedTags(Registry registry, List<String> tags, Optional<RegistryException> failure) {
  private static final int AT_A_TIME = 8;

  PublishedTags {
    tags = List.copyOf(tags);
  }

  /**
   * Reads those of several repositories. Registries call a repository forbidden that is not there;
   * where another one can be read, nothing is published in such a one.
   *
   * @throws RegistryException if none can be read: then nothing can be said
   */
  static Map<ImageReference, PublishedTags> read(
      Registries registries, Collection<ImageReference> repositories, RunLog log) {
    List<ImageReference> each = repositories.stream().distinct().toList();
    List<PublishedTags> all =
        AtOnce.each(each, AT_A_TIME, "reading tags", name -> read(registries.open(name)));
    boolean isAnyRead = all.stream().anyMatch(tags -> tags.failure().isEmpty());
    Map<ImageReference, PublishedTags> read = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      PublishedTags tags = all.get(i);
      if (tags.failure().isPresent() && !isAnyRead) {
        throw tags.failure().get();
      }
      if (tags.failure().filter(RegistryException::isForbidden).isPresent()) {
        log.info(
            "Nothing is taken to be published in "
                + each.get(i)
                + ": "
                + tags.failure().get().inOneLine());
        tags = new PublishedTags(tags.registry(), List.of(), Optional.empty());
      }
      read.put(each.get(i), tags);
    }
    return read;
  }

  private static PublishedTags read(Registry registry) {
    try {
      return new PublishedTags(registry, registry.tags(), Optional.empty());
    } catch (RegistryException e) {
      return new PublishedTags(registry, List.of(), Optional.of(e));
    }
  }
}

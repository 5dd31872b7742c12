package io.baseimage.publish;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The versions of a variant in a repository, with what was in each. */
public final class History {
  private final Registry registry;
  private final Path cache;
  private final RepositoryImages images;

  /**
   * Of one repository.
   *
   * @param cache where manifests are kept that were read once
   * @param usual whose images are looked at, where a version has several
   */
  public History(Registry registry, Path cache, SbomFormat format, Platform usual) {
    this.registry = registry;
    this.cache = cache;
    this.images = new RepositoryImages(registry, format, usual);
  }

  /**
   * A version and what was in it.
   *
   * @param inventory empty if no usable SBOM is attached to it
   */
  public record Entry(TaggedVersion version, Optional<Inventory> inventory) {}

  /** The versions, the oldest first. */
  public List<Entry> of(TagRule rule) {
    List<TaggedVersion> versions =
        new RepositoryTags(registry, cache)
            .versions().stream().filter(version -> isOf(rule, version)).toList();
    return Questions.ask(
        versions,
        version -> new Entry(version, inventory(version)),
        "reading the versions of " + registry.repository());
  }

  private static boolean isOf(TagRule rule, TaggedVersion version) {
    return version.variant().orElse(rule.variant()).equals(rule.variant())
        && rule.versionOf(version.tag())
            .filter(its -> rule.tag(its).equals(version.tag()))
            .isPresent();
  }

  private Optional<Inventory> inventory(TaggedVersion version) {
    return registry
        .manifest(version.digest().toString())
        .map(images::image)
        .flatMap(images::inventory);
  }
}

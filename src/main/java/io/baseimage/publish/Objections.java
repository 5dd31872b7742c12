package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.version.TagRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What forbids versions and aliases in a repository as it is. */
final class Objections {
  private static final int LARGEST_CONFIG = 4 * 1024 * 1024;
  private static final Set<String> IMAGES =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");

  private final Registry registry;

  Objections(Registry registry) {
    this.registry = registry;
  }

  /**
   * Fails if there is one.
   *
   * @param tags those of the repository
   * @return the tags of versions that aliases of the variant name, be those tags there or not
   * @throws RegistryException of kind {@link RegistryException.Kind#REFUSED}
   */
  Set<String> require(
      TagRule rule, List<String> aliases, List<Platform> platforms, Collection<String> tags) {
    OwnVersions.require(registry, rule, tags);
    Set<String> all = new LinkedHashSet<>(aliases);
    all.addAll(GivenVersions.aliases(rule, aliases, tags));
    Set<String> given = new TreeSet<>();
    for (String alias : all) {
      Optional<Manifest> named = registry.manifest(alias);
      named.flatMap(its -> GivenVersions.tag(rule, its)).ifPresent(given::add);
      if (aliases.contains(alias)) {
        requireAlias(alias, named, platforms);
      }
    }
    return given;
  }

  private void requireAlias(String alias, Optional<Manifest> named, List<Platform> platforms) {
    if (named.isEmpty()) {
      return;
    }
    requireNoVersion(alias, named.get());
    if (isNoImage(named.get())) {
      throw refused(
          "Tried to publish "
              + name(alias)
              + ", but that tag names something which is no image, a chart or another artifact"
              + " perhaps. Choose another alias, or another repository.");
    }
    List<Platform> lost = new ArrayList<>(platforms(named.get()));
    lost.removeAll(platforms);
    // Whoever follows an alias on another platform is not to be left without an image.
    if (!lost.isEmpty()) {
      throw refused(
          "Tried to publish "
              + name(alias)
              + " for "
              + words(platforms)
              + ", but what it names now is for "
              + words(lost)
              + ", too. Build and publish for all of them together.");
    }
  }

  /** The tag of a version, of whatever pattern, never moves. */
  private void requireNoVersion(String alias, Manifest manifest) {
    String version =
        Manifests.read(manifest).path("annotations").path(VersionManifests.VERSION).asText();
    if (!version.isEmpty() && alias.contains(version)) {
      throw refused(
          "Tried to move the alias "
              + name(alias)
              + ", but it is the tag of version "
              + version
              + ", which never moves. Choose another alias. Nothing was published.");
    }
  }

  /** Artifacts are manifests whose configuration is of their own kind. */
  private static boolean isNoImage(Manifest manifest) {
    if (Note.of(manifest) == Note.IMAGE) {
      return true;
    }
    String type = Manifests.read(manifest).path("config").path("mediaType").asText("");
    return Manifests.config(manifest).isPresent() && !type.isEmpty() && !IMAGES.contains(type);
  }

  private List<Platform> platforms(Manifest manifest) {
    return Manifests.config(manifest)
        .map(config -> List.of(Manifests.platform(registry.blob(config, LARGEST_CONFIG))))
        .orElseGet(() -> Manifests.platforms(manifest));
  }

  private ImageReference name(String tag) {
    return registry.repository().withTag(tag);
  }

  private static String words(List<Platform> platforms) {
    return platforms.stream().map(Platform::toString).collect(Collectors.joining(", "));
  }

  private static RegistryException refused(String message) {
    return new RegistryException(RegistryException.Kind.REFUSED, message);
  }
}

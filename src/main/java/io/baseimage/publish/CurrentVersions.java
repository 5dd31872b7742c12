package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.archive.KnownParts;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a repository has of variants now: manifests and configurations, and no layer. */
public final class CurrentVersions {
  private static final int LARGEST_CONFIG = 4 << 20;

  private final Registry registry;
  private final KnownManifests known;
  private final KnownParts parts;

  /**
   * Of one repository.
   *
   * @param cache where is kept what was read once
   */
  public CurrentVersions(Registry registry, Path cache) {
    this.registry = registry;
    this.known = new KnownManifests(cache);
    this.parts = new KnownParts(cache);
  }

  /**
   * What a variant's first alias names, or where it has none, its newest version that is not
   * withdrawn; empty if there is neither.
   *
   * @param tags the repository's
   * @throws RegistryException of kind {@link Kind#WRONG_CONTENT} if that is no image
   */
  public Optional<CurrentVersion> of(Naming naming, List<String> tags) {
    return naming.aliases().stream()
        .filter(tags::contains)
        .findFirst()
        .or(() -> newest(naming.rule(), tags))
        .flatMap(tag -> manifest(tag).map(manifest -> read(tag, manifest)));
  }

  /** The newest version of all, if a rollback has withdrawn it. */
  public Optional<CurrentVersion> withdrawn(TagRule rule, List<String> tags) {
    List<String> own = tags.stream().filter(tag -> isVersion(rule, tag)).toList();
    return rule.newest(own)
        .map(rule::tag)
        .filter(tag -> tags.contains(tag + RepositoryTags.WITHDRAWN))
        .flatMap(tag -> manifest(tag).map(manifest -> read(tag, manifest)));
  }

  private static boolean isVersion(TagRule rule, String tag) {
    return rule.versionOf(tag).map(rule::tag).filter(tag::equals).isPresent();
  }

  static Optional<String> newest(TagRule rule, List<String> tags) {
    Optional<ImageVersion> newest =
        rule.newest(
            RepositoryTags.standing(tags).stream().filter(tag -> isVersion(rule, tag)).toList());
    return newest.map(rule::tag);
  }

  /**
   * Whether an image by that digest and what a tag names now are the same for a platform: an index
   * is another one as soon as the image for any platform is.
   *
   * @return what the tag names now if it is another image; empty if it is the same
   * @throws RegistryException of kind {@link Kind#NOT_FOUND} if there is no such tag
   */
  public Optional<Digest> moved(String tag, Digest before, Platform platform) {
    Digest now =
        registry
            .digest(tag)
            .orElseThrow(
                () ->
                    new RegistryException(
                        Kind.NOT_FOUND,
                        "Tried to look up "
                            + registry.repository().withTag(tag)
                            + ", but there is no such tag."));
    if (now.equals(before)) {
      return Optional.empty();
    }
    Optional<Digest> its = manifest(tag).flatMap(manifest -> entry(manifest, platform));
    boolean same =
        its.isPresent()
            && (its.get().equals(before)
                || manifest(before.toString())
                    .flatMap(manifest -> entry(manifest, platform))
                    .equals(its));
    return same ? Optional.empty() : Optional.of(now);
  }

  private static Optional<Digest> entry(Manifest manifest, Platform platform) {
    return Manifests.entries(manifest).stream()
        .filter(entry -> entry.platform().equals(platform))
        .map(Manifests.Entry::digest)
        .findFirst();
  }

  private CurrentVersion read(String tag, Manifest manifest) {
    ImageReference name = registry.repository().withTag(tag);
    try {
      List<Manifests.Entry> entries = Manifests.entries(manifest);
      List<CurrentVersion.Image> images = new ArrayList<>();
      if (entries.isEmpty()) {
        images.add(image(name, manifest));
      }
      for (Manifests.Entry entry : entries) {
        images.add(
            image(
                name,
                manifest(entry.digest().toString())
                    .orElseThrow(
                        () -> wrong(name, "the image for " + entry.platform() + " is missing"))));
      }
      String version =
          Manifests.read(manifest).path("annotations").path(VersionManifests.VERSION).asText("");
      return new CurrentVersion(
          name, Optional.of(version).filter(it -> !it.isEmpty()), manifest.digest(), images);
    } catch (IllegalArgumentException e) {
      throw wrong(name, String.valueOf(e.getMessage()));
    }
  }

  private CurrentVersion.Image image(ImageReference name, Manifest manifest) {
    Digest digest =
        Manifests.config(manifest).orElseThrow(() -> wrong(name, "what is there is no image"));
    byte[] bytes = parts.config(digest).orElseGet(() -> config(digest));
    JsonNode root = Manifests.read(new Manifest("", bytes));
    if (!root.path("rootfs").isObject()) {
      throw wrong(name, "its configuration is none of an image");
    }
    Map<String, String> labels = new HashMap<>();
    root.path("config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new CurrentVersion.Image(
        Manifests.platform(bytes),
        manifest.digest(),
        digest,
        Optional.ofNullable(root.path("created").textValue()),
        labels);
  }

  private byte[] config(Digest digest) {
    byte[] read = registry.blob(digest, LARGEST_CONFIG);
    parts.rememberConfig(read);
    return read;
  }

  private Optional<Manifest> manifest(String name) {
    Optional<Manifest> before =
        (name.contains(":") ? Optional.of(Digest.parse(name)) : registry.digest(name))
            .flatMap(known::find);
    if (before.isPresent()) {
      return before;
    }
    Optional<Manifest> read = registry.manifest(name);
    read.ifPresent(known::remember);
    return read;
  }

  private static RegistryException wrong(ImageReference name, String seen) {
    return new RegistryException(
        Kind.WRONG_CONTENT, "Tried to read what is published as " + name + ", but " + seen + ".");
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.version.TagRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to become one version: a variant's image for each of its platforms.
 *
 * @param rule how it is numbered and named
 * @param aliases the tags that follow its newest version
 * @param images each for another platform
 * @param annotations of the manifest, besides the version
 * @param before what has to be published still when this takes its place, by its tag; nothing if it
 *     does not matter
 */
public record Release(
    TagRule rule,
    List<String> aliases,
    List<EngineImage> images,
    Map<String, String> annotations,
    Map<String, Digest> before) {

  /** The annotation that says why a version was built: a line for each reason. */
  public static final String REASONS = "io.baseimage.rebuild.reasons";

  /** One that takes the place of whatever there is. */
  public Release(
      TagRule rule,
      List<String> aliases,
      List<EngineImage> images,
      Map<String, String> annotations) {
    this(rule, aliases, images, annotations, Map.of());
  }

  /** Copies the collections. */
  public Release {
    before = Map.copyOf(before);
    aliases = List.copyOf(aliases);
    images = List.copyOf(images);
    annotations = Map.copyOf(annotations);
    long platforms = images.stream().map(EngineImage::platform).distinct().count();
    if (images.isEmpty() || platforms != images.size()) {
      throw new IllegalArgumentException(
          "expected one image for each platform of "
              + rule.variant()
              + ", found "
              + images.size()
              + " for "
              + platforms);
    }
  }

  /** Those of the images. */
  List<Platform> platforms() {
    return images.stream().map(EngineImage::platform).toList();
  }

  /** The same, with the reasons for which it was built; as it is if there are none. */
  public Release because(List<String> reasons) {
    if (reasons.isEmpty()) {
      return this;
    }
    Map<String, String> more = new HashMap<>(annotations);
    more.put(REASONS, String.join("\n", reasons));
    return new Release(rule, aliases, images, more, before);
  }

  /** The same, to be published only if a tag names nothing else by then. */
  public Release inThePlaceOf(String tag, Digest digest) {
    return new Release(rule, aliases, images, annotations, Map.of(tag, digest));
  }

  /**
   * Fails if something else was published meanwhile.
   *
   * @param tags those that the registry has now
   */
  void requireBefore(Registry registry, List<String> tags) {
    before.forEach(
        (tag, digest) -> {
          boolean isOld =
              rule.versionOf(tag).map(rule::tag).filter(tag::equals).isPresent()
                  && !CurrentVersions.newest(rule, tags).equals(Optional.of(tag));
          if (isOld || !registry.digest(tag).equals(Optional.of(digest))) {
            throw new RegistryException(
                RegistryException.Kind.REFUSED,
                "Tried to publish what takes the place of "
                    + registry.repository().withTag(tag)
                    + ", but something else was published meanwhile. Run it again.");
          }
        });
  }
}

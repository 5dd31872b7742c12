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
 * @param place what it takes the place of
 */
public record Release(
    TagRule rule,
    List<String> aliases,
    List<EngineImage> images,
    Map<String, String> annotations,
    Place place) {

  /** The annotation that says why a version was built: a line for each reason. */
  public static final String REASONS = "io.baseimage.rebuild.reasons";

  /** What has to be published still when a release takes its place. */
  public sealed interface Place {
    /** Whatever there is. */
    record Any() implements Place {}

    /** No version of the variant that is not withdrawn. */
    record Empty() implements Place {}

    /**
     * What a tag names: an alias, or the newest version.
     *
     * @param digest of its manifest
     */
    record Tag(String tag, Digest digest) implements Place {}
  }

  /** One that takes the place of whatever there is. */
  public Release(
      TagRule rule,
      List<String> aliases,
      List<EngineImage> images,
      Map<String, String> annotations) {
    this(rule, aliases, images, annotations, new Place.Any());
  }

  /** Copies the collections. */
  public Release {
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
    return new Release(rule, aliases, images, more, place);
  }

  /** The same, to be published only if something else has not taken the place by then. */
  public Release inThePlaceOf(Place other) {
    return new Release(rule, aliases, images, annotations, other);
  }

  /**
   * Fails if something else was published meanwhile.
   *
   * @param tags those that the registry has now
   * @throws RegistryException of kind {@link RegistryException.Kind#REPLACED} if so
   */
  void requirePlace(Registry registry, List<String> tags) {
    Optional<String> newest = CurrentVersions.newest(rule, tags);
    if (place instanceof Place.Empty && newest.isPresent()) {
      throw replaced(registry, "nothing", newest.get());
    }
    if (place instanceof Place.Tag was) {
      boolean isOld =
          rule.versionOf(was.tag()).map(rule::tag).filter(was.tag()::equals).isPresent()
              && !newest.equals(Optional.of(was.tag()));
      if (isOld || !registry.digest(was.tag()).equals(Optional.of(was.digest()))) {
        throw replaced(
            registry,
            registry.repository().withTag(was.tag()).toString(),
            newest.orElse(was.tag()));
      }
    }
  }

  private static RegistryException replaced(Registry registry, String before, String now) {
    return new RegistryException(
        RegistryException.Kind.REPLACED,
        "Tried to publish what takes the place of "
            + before
            + ", but something else was published meanwhile: "
            + registry.repository().withTag(now)
            + ". Run it again.");
  }
}

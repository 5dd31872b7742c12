package io.baseimage.publish;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.version.TagRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to become one version: a variant's image for each of its platforms.
 *
 * @param rule how it is numbered and named
 * @param aliases the tags that follow its newest version
 * @param images each for another platform
 * @param annotations of the manifest, besides the version
 */
public record Release(
    TagRule rule, List<String> aliases, List<EngineImage> images, Map<String, String> annotations) {

  /** The annotation that says why a version was built: a line for each reason. */
  public static final String REASONS = "io.baseimage.rebuild.reasons";

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
    return new Release(rule, aliases, images, more);
  }
}

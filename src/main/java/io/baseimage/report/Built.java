package io.baseimage.report;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.variant.Variant;
import io.baseimage.version.ImageVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A name that a build has given to an image.
 *
 * @param name the whole name
 * @param variant what was built, which a change or a stand-in gives a longer name
 * @param standIn whether the base was of another release
 * @param platform what the image runs on
 * @param version its version; empty for an alias
 */
public record Built(
    String name,
    String variant,
    boolean standIn,
    Platform platform,
    Optional<ImageVersion> version) {

  private static final Pattern END_OF_TAG =
      Pattern.compile(
          "(?:-(20[0-9]{2}\\.[0-9]{2}-[0-9]{3}))?(?:-("
              + String.join("|", Platform.ARCHITECTURES)
              + "))?$");

  /** By version, and of one version the name without an architecture last. */
  static final Comparator<Built> BY_VERSION =
      Comparator.<Built, ImageVersion>comparing(
              built -> built.version().orElse(new ImageVersion("0", 0)))
          .thenComparing(Built::name, Comparator.reverseOrder());

  /** The names that builds of a variant's file have given to these images, sorted. */
  public static List<Built> of(Variant variant, List<EngineImage> images) {
    return images.stream()
        .filter(image -> isOf(variant, image.labels()) && !isChild(image, images))
        .flatMap(Built::of)
        .sorted(Comparator.comparing(Built::name))
        .toList();
  }

  /** Images of earlier days say only what was built. */
  private static boolean isOf(Variant variant, Map<String, String> labels) {
    String built = labels.getOrDefault(ImageRecipe.VARIANT_LABEL, "");
    return labels.getOrDefault(ImageRecipe.RECIPE_LABEL, built).equals(variant.recipe());
  }

  /** An image that was built on one of ours has its labels, too, and more layers. */
  private static boolean isChild(EngineImage image, List<EngineImage> images) {
    String inputs = image.labels().getOrDefault(ImageRecipe.INPUTS_LABEL, "");
    return images.stream()
        .filter(other -> inputs.equals(other.labels().get(ImageRecipe.INPUTS_LABEL)))
        .anyMatch(other -> other.layers().size() < image.layers().size());
  }

  private static Stream<Built> of(EngineImage image) {
    String variant = image.labels().getOrDefault(ImageRecipe.VARIANT_LABEL, "");
    boolean standIn = !image.labels().getOrDefault(ImageRecipe.STAND_IN_LABEL, "").isBlank();
    return image.tags().stream()
        .filter(name -> isOf(name, variant))
        .map(name -> new Built(name, variant, standIn, image.platform(), version(name)));
  }

  /** Whether a name is one that builds give. */
  private static boolean isOf(String name, String variant) {
    return ImageReference.parse(name)
        .effectiveTag()
        .filter(tag -> END_OF_TAG.matcher(tag).replaceFirst("").equals(variant))
        .isPresent();
  }

  private static Optional<ImageVersion> version(String name) {
    Matcher end = END_OF_TAG.matcher(name);
    return end.find()
        ? Optional.ofNullable(end.group(1)).map(ImageVersion::parse)
        : Optional.empty();
  }

  /** What all versions of one image have in common. */
  String series() {
    return END_OF_TAG.matcher(name).replaceFirst("");
  }
}

package io.baseimage.report;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.variant.Variant;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final Pattern ARCHITECTURE =
      Pattern.compile("-(?:" + String.join("|", Platform.ARCHITECTURES) + ")$");

  /** By version, and of one version the name without an architecture last. */
  static final Comparator<Built> BY_VERSION =
      Comparator.<Built, ImageVersion>comparing(
              built -> built.version().orElse(new ImageVersion("0", 0)))
          .thenComparing(Built::name, Comparator.reverseOrder());

  /** The names that builds of a variant's file have given to these images, sorted. */
  public static List<Built> of(Variant variant, List<EngineImage> images) {
    return images.stream()
        .filter(image -> isOf(variant, image.labels()) && !isChild(image, images))
        .flatMap(image -> of(variant, image))
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

  private static Stream<Built> of(Variant variant, EngineImage image) {
    String built = image.labels().getOrDefault(ImageRecipe.VARIANT_LABEL, "");
    Naming naming;
    try {
      naming =
          built.equals(variant.name())
              ? Naming.of(variant)
              : Naming.underAnotherName(variant, built);
    } catch (IllegalArgumentException e) {
      // No build of ours has set that label.
      return Stream.empty();
    }
    boolean standIn = !image.labels().getOrDefault(ImageRecipe.STAND_IN_LABEL, "").isBlank();
    return image.tags().stream()
        .filter(name -> !name.startsWith(Naming.OWN))
        .filter(name -> version(name, naming).isPresent() || isAlias(name, naming))
        .map(name -> new Built(name, built, standIn, image.platform(), version(name, naming)));
  }

  /** What a name says that builds give, or gave before the variant's file named them otherwise. */
  private static Optional<ImageVersion> version(String name, Naming naming) {
    String tag = tag(name);
    return naming
        .rule()
        .versionOf(tag)
        .or(() -> TagRule.usual(naming.rule().variant()).versionOf(tag));
  }

  private static boolean isAlias(String name, Naming naming) {
    String tag = tag(name);
    String plain = ARCHITECTURE.matcher(tag).replaceFirst("");
    return Stream.concat(naming.aliases().stream(), Stream.of(naming.rule().variant()))
        .anyMatch(alias -> alias.equals(tag) || alias.equals(plain));
  }

  private static String tag(String name) {
    return ImageReference.parse(name).effectiveTag().orElse("");
  }

  /** What all versions of one image have in common. */
  String series() {
    return ImageReference.parse(name).repository() + ":" + variant;
  }
}

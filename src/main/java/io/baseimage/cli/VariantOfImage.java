package io.baseimage.cli;

import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out what an image was built of: a variant, and what the run had changed of it. */
final class VariantOfImage {
  private final Function<Overrides, Variant> variants;
  private final Function<Variant, Fingerprints> fingerprints;

  /**
   * Of one variant.
   *
   * @param variants the variant with changes
   */
  VariantOfImage(
      Function<Overrides, Variant> variants, Function<Variant, Fingerprints> fingerprints) {
    this.variants = variants;
    this.fingerprints = fingerprints;
  }

  /**
   * The archive that a run has named for an image, by its labels: empty if none, or one that no run
   * can name.
   */
  static Optional<String> mirror(Map<String, String> labels) {
    Optional<String> mirror = given(labels.get(ImageRecipe.MIRROR_LABEL));
    return allowed(
        () -> new Overrides(Optional.empty(), mirror, Optional.empty(), Optional.empty()).mirror());
  }

  /**
   * The variant with the language, the time zone and the base that the image has.
   *
   * @param mirror the archive that its packages came from; what its labels name if empty
   * @throws UsageException if its labels do not name a base
   */
  Variant of(EngineImage image, ImageConfiguration configuration, Optional<String> mirror) {
    ResolvedBase base = base(image);
    Optional<String> language = given(configuration.settings().get("ENV LANG"));
    Optional<String> locale =
        allowed(
            () ->
                new Overrides(Optional.empty(), Optional.empty(), language, Optional.empty())
                    .locale());
    Optional<String> zone = given(image.labels().get(ImageRecipe.TIMEZONE_LABEL));
    Optional<String> timezone =
        allowed(
            () ->
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), zone)
                    .timezone());
    Optional<String> archive = mirror.or(() -> mirror(image.labels()));
    Stream<Optional<String>> bases =
        base.source() == ResolvedBase.Source.BOOTSTRAP
            ? Stream.of(Optional.empty())
            : Stream.of(Optional.empty(), Optional.of(base.reference().toString()));
    List<Variant> possible =
        bases.map(its -> variants.apply(new Overrides(its, archive, locale, timezone))).toList();
    // A base that was named may be the one that the variant has without that.
    return possible.stream()
        .filter(each -> isOf(base.buildable(each), image))
        .findFirst()
        .or(
            () ->
                possible.stream()
                    .filter(each -> each.base().image().equals(base.reference()))
                    .findFirst())
        .orElse(possible.get(0));
  }

  private boolean isOf(Variant variant, EngineImage image) {
    return Fingerprints.of(image.labels())
        .filter(its -> its.variant().equals(fingerprints.apply(variant).variant()))
        .isPresent();
  }

  private static ResolvedBase base(EngineImage image) {
    try {
      return ResolvedBase.of(image.labels(), image.platform());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          image.id().abbreviated()
              + " has no labels that say what its base was: "
              + e.getMessage());
    }
  }

  private static Optional<String> given(@Nullable String value) {
    return Optional.ofNullable(value).filter(text -> !text.isEmpty());
  }

  /** What no variant can have was not the run's, but is of what was built on its image. */
  private static Optional<String> allowed(Supplier<Optional<String>> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

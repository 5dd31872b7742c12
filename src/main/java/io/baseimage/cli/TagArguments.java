package io.baseimage.cli;

import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.publish.Release;
import io.baseimage.version.TagRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How versions are named in a repository. */
final class TagArguments {
  private static final String CREATED = "org.opencontainers.image.created";
  private static final List<String> ANNOTATIONS =
      List.of(
          "org.opencontainers.image.title",
          "org.opencontainers.image.revision",
          "org.opencontainers.image.base.name",
          "org.opencontainers.image.base.digest");

  @Option(
      names = "--tag-pattern",
      paramLabel = "PATTERN",
      defaultValue = TagRule.USUAL,
      description = "Tag of a version (default: ${DEFAULT-VALUE}).")
  private String pattern = TagRule.USUAL;

  @Option(
      names = "--series",
      paramLabel = "NUMBERS",
      description =
          "Count versions in these numbers, for example 2017.03, and not by the calendar's month.")
  private @Nullable String series;

  @Option(
      names = "--alias",
      paramLabel = "TAG",
      description =
          "Tag that follows the newest version; may be repeated (default: the variant's name, and"
              + " latest for the default variant).")
  private List<String> aliases = new ArrayList<>();

  @Option(names = "--no-alias", description = "Move no alias.")
  private boolean noAlias;

  @Option(
      names = "--default-variant",
      paramLabel = "VARIANT",
      defaultValue = "ubuntu-16.04",
      description = "The variant that the alias latest follows (default: ${DEFAULT-VALUE}).")
  private String defaultVariant = "ubuntu-16.04";

  TagRule rule(String variant) {
    try {
      return new TagRule(variant, pattern, Optional.ofNullable(series));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  List<String> aliases(String variant) {
    if (noAlias && !aliases.isEmpty()) {
      throw new UsageException("--alias and --no-alias contradict each other");
    }
    if (noAlias) {
      return List.of();
    }
    if (!aliases.isEmpty()) {
      return List.copyOf(aliases);
    }
    return variant.equals(defaultVariant) ? List.of(variant, "latest") : List.of(variant);
  }

  /** One for each variant, of its images for all platforms. */
  List<Release> releases(List<EngineImage> images) {
    Map<String, List<EngineImage>> variants = new LinkedHashMap<>();
    for (EngineImage image : images) {
      variants.computeIfAbsent(variant(image), name -> new ArrayList<>()).add(image);
    }
    List<Release> releases = new ArrayList<>();
    variants.forEach(
        (variant, its) ->
            releases.add(new Release(rule(variant), aliases(variant), its, annotations(its))));
    return releases;
  }

  /** What an image was made of. */
  static String variant(EngineImage image) {
    return Optional.ofNullable(image.labels().get(ImageRecipe.VARIANT_LABEL))
        .orElseThrow(
            () ->
                new UsageException(
                    image.id()
                        + " was not built by this toolkit: it has no label "
                        + ImageRecipe.VARIANT_LABEL));
  }

  /**
   * What is true of each of them: the base of another platform is another one. Of times the last.
   */
  private static Map<String, String> annotations(List<EngineImage> images) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(ImageRecipe.VARIANT_LABEL, variant(images.get(0)));
    images.stream()
        .map(image -> image.labels().getOrDefault(CREATED, ""))
        .max(Comparator.naturalOrder())
        .filter(time -> !time.isEmpty())
        .ifPresent(time -> annotations.put(CREATED, time));
    for (String label : ANNOTATIONS) {
      List<String> values =
          images.stream().map(image -> image.labels().getOrDefault(label, "")).distinct().toList();
      if (values.size() == 1 && !values.get(0).isEmpty()) {
        annotations.put(label, values.get(0));
      }
    }
    return annotations;
  }
}

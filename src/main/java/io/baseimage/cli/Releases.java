package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.publish.Release;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts images together to versions, each in the repository that it goes to. */
final class Releases {
  private static final String CREATED = "org.opencontainers.image.created";
  private static final List<String> ANNOTATIONS =
      List.of(
          "org.opencontainers.image.title",
          "org.opencontainers.image.revision",
          "org.opencontainers.image.base.name",
          "org.opencontainers.image.base.digest");

  private Releases() {}

  /** An image, and how versions of what it is are named. */
  record Named(EngineImage image, Naming naming) {}

  /**
   * One for each variant, of its images for all platforms.
   *
   * @param names the repositories that were asked for
   */
  static Map<ImageReference, List<Release>> of(List<ImageReference> names, List<Named> images) {
    Map<Naming, List<EngineImage>> variants = new LinkedHashMap<>();
    for (Named each : images) {
      variants.computeIfAbsent(each.naming(), naming -> new ArrayList<>()).add(each.image());
    }
    requireApart(names, variants.keySet());
    variants.values().forEach(Releases::requireOneForEachPlatform);
    Map<ImageReference, List<Release>> releases = new LinkedHashMap<>();
    variants.forEach(
        (naming, its) -> {
          Release release = new Release(naming.rule(), naming.aliases(), its, annotations(its));
          names.stream()
              .map(naming::repository)
              .distinct()
              .forEach(
                  name -> releases.computeIfAbsent(name, each -> new ArrayList<>()).add(release));
        });
    return releases;
  }

  private static void requireOneForEachPlatform(List<EngineImage> images) {
    Map<Platform, EngineImage> before = new LinkedHashMap<>();
    for (EngineImage image : images) {
      EngineImage other = before.putIfAbsent(image.platform(), image);
      if (other != null) {
        throw new UsageException(
            "%s and %s are both images of %s for %s; one version has one of them"
                .formatted(other.id(), image.id(), variant(image), image.platform()));
      }
    }
  }

  /** Fails if a tag would belong to two variants. */
  static void requireApart(List<ImageReference> names, Collection<Naming> variants) {
    Map<ImageReference, List<Naming>> before = new LinkedHashMap<>();
    for (Naming naming : variants) {
      for (ImageReference name : names.stream().map(naming::repository).distinct().toList()) {
        List<Naming> others = before.computeIfAbsent(name, each -> new ArrayList<>());
        others.forEach(other -> requireApart(name, other, naming));
        others.add(naming);
      }
    }
  }

  private static void requireApart(ImageReference name, Naming one, Naming other) {
    one.clash(other)
        .ifPresent(
            tag -> {
              throw new UsageException(
                  one.rule().variant()
                      + " and "
                      + other.rule().variant()
                      + " cannot both go to "
                      + name
                      + ", where the tag "
                      + tag
                      + " could be of either. Put {variant} into the pattern of their tags, give"
                      + " them other aliases, or one of them a repository of its own"
                      + " (--tag-pattern, --alias, --repository-suffix, or 'tags' in its file).");
            });
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

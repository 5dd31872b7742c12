package io.baseimage.publish;

import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.version.TagRule;
import java.util.Collection;
import java.util.Optional;

/** Tells a variant's versions from those of others where their tags do not name the variant. */
final class OwnVersions {
  private OwnVersions() {}

  /** Fails if the newest version that the rule finds is another variant's. */
  static void require(Registry registry, TagRule rule, Collection<String> tags) {
    if (rule.namesVariant()) {
      return;
    }
    rule.newest(tags)
        .map(rule::tag)
        .ifPresent(
            tag ->
                registry
                    .manifest(tag)
                    .flatMap(OwnVersions::variant)
                    .filter(variant -> !variant.equals(rule.variant()))
                    .ifPresent(
                        variant -> {
                          throw mixed(registry, rule, tag, variant);
                        }));
  }

  /** Whether a version that has a tag as the rule's is the rule's. */
  static boolean isOwn(Registry registry, TagRule rule, String tag) {
    return rule.namesVariant()
        || registry
            .manifest(tag)
            .flatMap(OwnVersions::variant)
            .filter(variant -> !variant.equals(rule.variant()))
            .isEmpty();
  }

  private static Optional<String> variant(Manifest manifest) {
    return Optional.ofNullable(
        Manifests.read(manifest).path("annotations").path(ImageRecipe.VARIANT_LABEL).textValue());
  }

  private static RegistryException mixed(
      Registry registry, TagRule rule, String tag, String variant) {
    return new RegistryException(
        RegistryException.Kind.REFUSED,
        "Tried to publish "
            + rule.variant()
            + " to "
            + registry.repository()
            + " with tags of the pattern "
            + rule.pattern()
            + ", but "
            + tag
            + " there is a version of "
            + variant
            + ". Put {variant} into the pattern (--tag-pattern, or tags.pattern in the variant's"
            + " file) or publish to another repository. Nothing was published.");
  }
}

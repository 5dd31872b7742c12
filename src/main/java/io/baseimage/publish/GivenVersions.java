package io.baseimage.publish;

import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which numbers were given by more than the tags of versions: those may have been removed,
 * and an alias still names what they named.
 */
public final class GivenVersions {
  private GivenVersions() {}

  /**
   * The aliases that tell: those of the run, or where it has none the variant's usual one, if there
   * is such a tag.
   *
   * @param tags the repository's
   */
  static Set<String> aliases(TagRule rule, List<String> aliases, Collection<String> tags) {
    Set<String> all = new LinkedHashSet<>(aliases.isEmpty() ? List.of(rule.variant()) : aliases);
    all.retainAll(Set.copyOf(tags));
    return all;
  }

  /** The tag of the version that an alias names; nothing if it is none of the rule's. */
  static Optional<String> tag(TagRule rule, Manifest alias) {
    var notes = Manifests.read(alias).path("annotations");
    String variant = notes.path(ImageRecipe.VARIANT_LABEL).asText(rule.variant());
    String tag =
        rule.unnumbered().replace("{version}", notes.path(VersionManifests.VERSION).asText(""));
    return Optional.of(tag)
        .filter(its -> variant.equals(rule.variant()))
        .filter(its -> rule.versionOf(its).map(rule::tag).equals(Optional.of(its)));
  }

  /**
   * Fails if a version that is there is newer than the next one, as this machine's clock has it:
   * its aliases could not move.
   *
   * @param tags the repository's
   * @param given further tags of versions, that are not to be given again
   */
  public static void requireNewest(
      Registry registry,
      TagRule rule,
      Collection<String> tags,
      Collection<String> given,
      Clock clock) {
    Set<String> all = new LinkedHashSet<>(tags);
    all.addAll(given);
    ImageVersion next = rule.next(all, clock);
    rule.newest(RepositoryTags.standing(tags))
        .filter(newest -> newest.compareTo(next) > 0)
        .ifPresent(
            newest -> {
              throw new RegistryException(
                  RegistryException.Kind.REFUSED,
                  "Tried to give "
                      + rule.variant()
                      + " its next version in "
                      + registry.repository()
                      + ", which by this machine's clock is "
                      + next
                      + ", but "
                      + newest
                      + " there is newer: no alias would move to the next one. Is this machine's"
                      + " clock right? If it is, withdraw "
                      + newest
                      + " by 'baseimage-build rollback', or publish without aliases (--no-alias).");
            });
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.variant.Tags;
import io.baseimage.variant.Variant;
import io.baseimage.version.TagRule;
import java.util.List;
import java.util.Optional;

/**
 * How the images of a variant are named.
 *
 * @param rule how its versions are numbered and written as tags
 * @param repositorySuffix what its repository's name ends in; may be empty
 * @param aliases the tags that follow the newest version
 */
public record Naming(TagRule rule, String repositorySuffix, List<String> aliases) {

  /** What the names begin with that images have for this toolkit's own use. */
  public static final String OWN = "localhost/baseimage-build/";

  /**
   * Throws {@link IllegalArgumentException} for an alias that a version may have for its tag, and
   * for tags that mean something else to this toolkit.
   */
  public Naming {
    aliases = List.copyOf(aliases);
    if (isOwn(rule.unnumbered())) {
      throw new IllegalArgumentException(
          "not a pattern of tags: '"
              + rule.pattern()
              + "' gives tags as the toolkit keeps for itself");
    }
    for (String alias : aliases) {
      if (isOwn(alias)) {
        throw new IllegalArgumentException(
            "not an alias: '" + alias + "' is a tag as the toolkit keeps for itself");
      }
      if (rule.versionOf(alias).isPresent()) {
        throw new IllegalArgumentException(
            "not an alias: '" + alias + "' is the tag of a version, which never moves");
      }
    }
  }

  private static boolean isOwn(String tag) {
    return tag.startsWith("publisher-") || tag.startsWith("sha256-") || tag.endsWith("-withdrawn");
  }

  /** As the variant's file has it. */
  public static Naming of(Variant variant) {
    return of(variant.name(), variant.release(), variant.tags());
  }

  /** Of what is made of a variant's recipe under another name. */
  public static Naming underAnotherName(Variant variant, String name) {
    return of(name, variant.release(), variant.tags().underAnotherName());
  }

  /**
   * Of a variant of that name.
   *
   * @param release what versions are counted in if they do not go by the calendar
   * @throws IllegalArgumentException when that makes no tags
   */
  public static Naming of(String name, String release, Tags tags) {
    TagRule rule =
        new TagRule(
            name,
            tags.pattern().orElse(TagRule.USUAL),
            tags.series() == Tags.Series.RELEASE ? Optional.of(release) : Optional.empty());
    return new Naming(rule, tags.repositorySuffix(), tags.aliases().orElse(List.of(name)));
  }

  /**
   * Where its images are.
   *
   * @param name a repository's name, which may end in the suffix already
   */
  public ImageReference repository(ImageReference name) {
    return isWithSuffix(name)
        ? name
        : new ImageReference(name.repository() + repositorySuffix, null, null);
  }

  /** The name without the suffix, if it ends in it. */
  public ImageReference withoutSuffix(ImageReference name) {
    int length = name.repository().length() - repositorySuffix.length();
    return isWithSuffix(name)
        ? new ImageReference(name.repository().substring(0, length), null, null)
        : name;
  }

  private boolean isWithSuffix(ImageReference name) {
    return name.repository().endsWith(repositorySuffix);
  }

  /** Why the two cannot be in one repository: a tag that both may have, or nothing. */
  public Optional<String> clash(Naming other) {
    if (rule.variant().equals(other.rule.variant())) {
      return Optional.empty();
    }
    return rule.sharedTag(other.rule)
        .or(() -> aliases.stream().filter(other::mayGive).findFirst())
        .or(() -> other.aliases.stream().filter(this::mayGive).findFirst());
  }

  private boolean mayGive(String tag) {
    return aliases.contains(tag) || rule.versionOf(tag).isPresent();
  }
}

package io.baseimage.variant;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the versions of a variant are named.
 *
 * @param pattern a version's tag with {@code {version}} in it once, and {@code {variant}} where it
 *     is wanted; empty for the usual one
 * @param series what versions are counted in
 * @param repositorySuffix what is put after the repository's name, for example {@code -amzn}; may
 *     be empty
 * @param aliases the tags that follow the newest version; empty for the usual ones
 */
public record Tags(
    Optional<String> pattern,
    Series series,
    String repositorySuffix,
    Optional<List<String>> aliases) {
  /** Those of a variant that says nothing of them. */
  public static final Tags USUAL =
      new Tags(Optional.empty(), Series.CALENDAR, "", Optional.empty());

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException for what no file of a variant may hold
   */
  public Tags {
    pattern.ifPresent(text -> TextRule.require(TagSyntax.PATTERN, "tags.pattern", text));
    TextRule.require(TagSyntax.SUFFIX, "tags.repositorySuffix", repositorySuffix);
    aliases
        .orElse(List.of())
        .forEach(alias -> TextRule.require(TagSyntax.ALIAS, "tags.aliases", alias));
    aliases = aliases.map(LinkedHashSet::new).map(List::copyOf);
  }

  /**
   * Those of an image that is made of the same recipe, or more, under another name: what would give
   * it the tags of this one's versions is left to this one.
   */
  public Tags underAnotherName() {
    return new Tags(
        pattern.filter(TagSyntax::namesVariant), series, repositorySuffix, Optional.empty());
  }

  /** What versions are counted in. */
  public enum Series {
    CALENDAR,
    RELEASE;

    /** As variants write it. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

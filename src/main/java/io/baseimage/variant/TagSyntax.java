package io.baseimage.variant;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the tags of a variant must look like. */
final class TagSyntax {
  // A tag has 128 at most; a version that is withdrawn gets a second one that ends in "-withdrawn".
  private static final int MAX_LENGTH = 118;
  private static final String VARIANT = "{variant}";
  private static final String VERSION = "{version}";
  private static final List<String> PLACEHOLDERS = List.of(VARIANT, VERSION);
  private static final Pattern IN_BRACES = Pattern.compile("\\{[^{}]*}");
  private static final String PART = "(?:[A-Za-z0-9_.-]|\\{variant})*";
  private static final Pattern WHOLE = Pattern.compile("(?![.-])" + PART + "\\{version}" + PART);

  static final TextRule PATTERN = TagSyntax::complainAboutPattern;
  static final TextRule SUFFIX =
      TextRule.matching(
          Pattern.compile("(?:(?:-+|[.]|__?)[a-z0-9]+)*"),
          "a suffix such as -amzn: '-', '.' or '_' and then lower-case letters and digits");
  static final TextRule ALIAS =
      TextRule.matching(
              Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"),
              "a tag such as latest (letters, digits, '_', '.' and '-', at most 128 of them)")
          .and(
              alias ->
                  looksLikeVersion(alias)
                      ? TextRule.complaint("a tag that no version has, for it moves", alias, "")
                      : Optional.empty());
  private static final Pattern SERIES = Pattern.compile("[0-9]+(?:\\.[0-9]+)*");
  private static final Pattern VERSION_AT_END =
      Pattern.compile("(?:.*[-_.])?[0-9]+(?:\\.[0-9]+)*-[0-9]{3}");

  private TagSyntax() {}

  /** Whether tags of the pattern say which variant they are of. */
  static boolean namesVariant(String pattern) {
    return pattern.contains(VARIANT);
  }

  /** Whether a version of a variant may have that tag. */
  static boolean looksLikeVersion(String tag) {
    return VERSION_AT_END.matcher(tag).matches();
  }

  /** What is wrong with a series for a variant of that release. */
  static Optional<String> complainAboutSeries(Tags.Series series, String release) {
    return series == Tags.Series.CALENDAR || SERIES.matcher(release).matches()
        ? Optional.empty()
        : Optional.of(
            "expected calendar: versions cannot be counted in the release "
                + Found.quoted(release)
                + ", which is not made of numbers with dots between them");
  }

  /** What is wrong with a pattern for a variant of that name and release. */
  static Optional<String> complainAboutLength(Tags tags, String name, String release) {
    String version = (tags.series() == Tags.Series.RELEASE ? release : "2000.01") + "-000";
    int length =
        tags.pattern()
            .orElse(VARIANT + "-" + VERSION)
            .replace(VARIANT, name)
            .replace(VERSION, version)
            .length();
    return length <= MAX_LENGTH
        ? Optional.empty()
        : Optional.of(
            "expected tags of at most "
                + MAX_LENGTH
                + " characters, found "
                + length
                + " with the name "
                + Found.quoted(name));
  }

  private static Optional<String> complainAboutPattern(String pattern) {
    Optional<String> unknown =
        IN_BRACES
            .matcher(pattern)
            .results()
            .map(MatchResult::group)
            .filter(word -> !PLACEHOLDERS.contains(word))
            .findFirst();
    if (WHOLE.matcher(pattern).matches()) {
      return Optional.empty();
    }
    return TextRule.complaint(
        "a pattern of tags such as {variant}-{version}: {version} once, {variant}, letters, digits,"
            + " '_', '.' and '-'",
        pattern,
        unknown.map(word -> NearestNames.hint(word, PLACEHOLDERS)).orElse(""));
  }
}

package io.baseimage.version;

import io.baseimage.image.Platform;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a variant's versions are numbered and written as tags.
 *
 * @param variant the variant's name
 * @param pattern a tag with {@code {version}} in it once, and {@code {variant}} where it is wanted
 * @param release the release that versions are counted in; empty if they go by the calendar
 */
public record TagRule(String variant, String pattern, Optional<String> release) {
  /** The pattern of most repositories, {@code ubuntu-24.04-2026.03-000} for example. */
  public static final String USUAL = "{variant}-{version}";

  /** What the tag that withdraws a version ends in. */
  public static final String WITHDRAWN = "-withdrawn";

  private static final String VARIANT = "{variant}";
  private static final String VERSION = "{version}";
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final String ARCHITECTURE =
      "(?:-(?:" + String.join("|", Platform.ARCHITECTURES) + "))?";

  /** Throws {@link IllegalArgumentException} for a pattern that makes no tags. */
  public TagRule {
    int first = pattern.indexOf(VERSION);
    if (first < 0 || pattern.indexOf(VERSION, first + 1) >= 0) {
      throw new IllegalArgumentException(
          "not a pattern of tags: '" + pattern + "' (expected {version} in it once)");
    }
    String longest =
        pattern.replace(VARIANT, variant).replace(VERSION, release.orElse("2000.01") + "-000");
    if (!TAG.matcher(longest).matches()) {
      throw new IllegalArgumentException(
          "not a pattern of tags: '"
              + pattern
              + "' gives '"
              + longest
              + "' (expected letters, digits, '_', '.' and '-', at most 128 of them)");
    }
    release.ifPresent(series -> new ImageVersion(series, 0));
  }

  /** The rule of most variants: by the calendar, in tags that begin with the variant's name. */
  public static TagRule usual(String variant) {
    return new TagRule(variant, USUAL, Optional.empty());
  }

  /** Whether its tags say which variant they are of. */
  public boolean namesVariant() {
    return pattern.contains(VARIANT);
  }

  /** A tag that a version of either may have, if there is one. */
  public Optional<String> sharedTag(TagRule other) {
    return Stream.of(
            Optional.of(example()).filter(tag -> other.versionOf(tag).isPresent()),
            Optional.of(other.example()).filter(tag -> versionOf(tag).isPresent()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private String example() {
    return tag(new ImageVersion(release.orElse("2026.01"), 0));
  }

  /** The tag of one version. */
  public String tag(ImageVersion version) {
    return unnumbered().replace(VERSION, version.toString());
  }

  /** The tag of a version that has no number yet, with {@code {version}} in its place. */
  public String unnumbered() {
    return pattern.replace(VARIANT, variant);
  }

  /** The tag of one version of a variant on one of its platforms. */
  public String tag(ImageVersion version, Platform platform) {
    return tag(version) + "-" + platform.architecture();
  }

  /**
   * The version in a tag, be it of one platform or not, or nothing if the tag is not a version of
   * this very variant.
   */
  public Optional<ImageVersion> versionOf(String tag) {
    String named = unnumbered();
    int at = named.indexOf(VERSION);
    String series = release.map(Pattern::quote).orElse("20[0-9]{2}\\.(?:0[1-9]|1[0-2])");
    Matcher matcher =
        Pattern.compile(
                Pattern.quote(named.substring(0, at))
                    + "("
                    + series
                    + "-[0-9]{3})"
                    + Pattern.quote(named.substring(at + VERSION.length()))
                    + ARCHITECTURE)
            .matcher(tag);
    return matcher.matches() ? Optional.of(ImageVersion.parse(matcher.group(1))) : Optional.empty();
  }

  /**
   * The newest version among a registry's tags, of any month.
   *
   * @param tags the registry's tags, of whatever kind
   */
  public Optional<ImageVersion> newest(Collection<String> tags) {
    return versions(tags).max(Comparator.naturalOrder());
  }

  /**
   * The version that comes next: one above the highest number that the variant has in the clock's
   * month (in UTC) or in its release, or 000. Gaps are left alone, for a number once given may have
   * been pulled; so is the number of a version that was withdrawn and is not there any more.
   *
   * @param tags the registry's tags; those of other variants and of other kinds do not count
   * @throws VersionOverflowException when the last number is taken
   */
  public ImageVersion next(Collection<String> tags, Clock clock) {
    YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
    String series =
        release.orElseGet(
            () -> String.format(Locale.ROOT, "%04d.%02d", month.getYear(), month.getMonthValue()));
    int number =
        versions(tags.stream().map(TagRule::withoutWithdrawal).toList())
            .filter(version -> version.series().equals(series))
            .mapToInt(version -> version.number() + 1)
            .max()
            .orElse(0);
    if (number > ImageVersion.MAX_NUMBER) {
      throw new VersionOverflowException(variant, series, release.isPresent());
    }
    return new ImageVersion(series, number);
  }

  private static String withoutWithdrawal(String tag) {
    return tag.endsWith(WITHDRAWN) ? tag.substring(0, tag.length() - WITHDRAWN.length()) : tag;
  }

  private Stream<ImageVersion> versions(Collection<String> tags) {
    return tags.stream().flatMap(tag -> versionOf(tag).stream());
  }
}

package io.baseimage.version;

import io.baseimage.image.Platform;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How versions are numbered and written as tags: {@code VARIANT-20YY.MM-NNN}. */
public final class VersionRule {
  private static final Pattern ARCHITECTURE_AT_END =
      Pattern.compile("-(" + String.join("|", Platform.ARCHITECTURES) + ")$");

  private VersionRule() {}

  /** The tag of one version of a variant, for example {@code ubuntu-24.04-2026.03-000}. */
  public static String tag(String variantName, CalendarVersion version) {
    return variantName + "-" + version;
  }

  /** The tag of one version of a variant on one of its platforms. */
  public static String tag(String variantName, CalendarVersion version, Platform platform) {
    return tag(variantName, version) + "-" + platform.architecture();
  }

  /**
   * The version in a tag, be it of one platform or not, or nothing if the tag is not a version of
   * this very variant.
   */
  public static Optional<CalendarVersion> versionOf(String tag, String variantName) {
    String prefix = variantName + "-";
    if (!tag.startsWith(prefix)) {
      return Optional.empty();
    }
    String rest = ARCHITECTURE_AT_END.matcher(tag.substring(prefix.length())).replaceFirst("");
    return CalendarVersion.isVersion(rest)
        ? Optional.of(CalendarVersion.parse(rest))
        : Optional.empty();
  }

  /**
   * The newest version of a variant among a registry's tags, of any month.
   *
   * @param tags the registry's tags, of whatever kind
   */
  public static Optional<CalendarVersion> newest(Collection<String> tags, String variantName) {
    return versions(tags, variantName).max(Comparator.naturalOrder());
  }

  /**
   * The version that comes next: one above the highest number that the variant has in the clock's
   * month (in UTC), or 000. Gaps are left alone, for a number once given may have been pulled.
   *
   * @param tags the registry's tags; those of other variants and of other kinds do not count
   * @throws VersionOverflowException when the month's last number is taken
   */
  public static CalendarVersion next(Collection<String> tags, String variantName, Clock clock) {
    YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
    int number =
        versions(tags, variantName)
            .filter(version -> version.isOf(month))
            .mapToInt(version -> version.number() + 1)
            .max()
            .orElse(0);
    if (number > CalendarVersion.MAX_NUMBER) {
      throw new VersionOverflowException(variantName, month);
    }
    return new CalendarVersion(month.getYear(), month.getMonthValue(), number);
  }

  private static Stream<CalendarVersion> versions(Collection<String> tags, String variantName) {
    return tags.stream().flatMap(tag -> versionOf(tag, variantName).stream());
  }
}

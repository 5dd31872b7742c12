package io.baseimage.version;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An immutable release of an image, written {@code SERIES-NNN}: the month that it was published in,
 * in UTC, as {@code 20YY.MM}, or the distribution's release, and a number that counts up from 000
 * within that.
 *
 * @param series numbers with dots between them, for example {@code 2026.11}
 * @param number 0 to 999
 */
public record ImageVersion(String series, int number) implements Comparable<ImageVersion> {
  /** The highest number that a series has. */
  static final int MAX_NUMBER = 999;

  private static final Pattern SERIES = Pattern.compile("[0-9]+(\\.[0-9]+)*");
  private static final Pattern FORM = Pattern.compile("(" + SERIES + ")-([0-9]{3})");

  /** Throws {@link IllegalArgumentException} for what is no version. */
  public ImageVersion {
    if (!SERIES.matcher(series).matches()) {
      throw new IllegalArgumentException(
          "not a version's series: '"
              + series
              + "' (expected numbers with dots between them, for example 2026.11)");
    }
    if (number < 0 || number > MAX_NUMBER) {
      throw new IllegalArgumentException(
          "not a version: its number is " + number + " (expected 0 to " + MAX_NUMBER + ")");
    }
  }

  /** Reads {@code SERIES-NNN}; throws {@link IllegalArgumentException} on anything else. */
  public static ImageVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not a version: '" + text + "' (expected 20YY.MM-NNN, for example 2026.03-000)");
    }
    return new ImageVersion(matcher.group(1), Integer.parseInt(matcher.group(3)));
  }

  /** By series, whose parts are numbers, then by number. */
  @Override
  public int compareTo(ImageVersion other) {
    String[] parts = series.split("\\.", -1);
    String[] others = other.series.split("\\.", -1);
    for (int i = 0; i < Math.min(parts.length, others.length); i++) {
      int order = new BigInteger(parts[i]).compareTo(new BigInteger(others[i]));
      if (order != 0) {
        return order;
      }
    }
    return Comparator.<ImageVersion>comparingInt(version -> version.series.split("\\.", -1).length)
        .thenComparing(ImageVersion::series)
        .thenComparingInt(ImageVersion::number)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s-%03d", series, number);
  }
}

package io.baseimage.version;

import java.time.YearMonth;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An immutable release of an image, written {@code 20YY.MM-NNN}: the month that it was published
 * in, in UTC, and a number that counts up from 000 within that month.
 *
 * @param year 2000 to 2099
 * @param month 1 to 12
 * @param number 0 to 999
 */
public record CalendarVersion(int year, int month, int number)
    implements Comparable<CalendarVersion> {

  /** The highest number that a month has. */
  static final int MAX_NUMBER = 999;

  private static final Pattern FORM = Pattern.compile("(20[0-9]{2})\\.(0[1-9]|1[0-2])-([0-9]{3})");
  private static final Comparator<CalendarVersion> ORDER =
      Comparator.comparingInt(CalendarVersion::year)
          .thenComparingInt(CalendarVersion::month)
          .thenComparingInt(CalendarVersion::number);

  /** Throws {@link IllegalArgumentException} for numbers out of their ranges. */
  public CalendarVersion {
    requireRange("year", year, 2000, 2099);
    requireRange("month", month, 1, 12);
    requireRange("number", number, 0, MAX_NUMBER);
  }

  /** Reads {@code 20YY.MM-NNN}; throws {@link IllegalArgumentException} on anything else. */
  public static CalendarVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not a version: '" + text + "' (expected 20YY.MM-NNN, for example 2026.03-000)");
    }
    return new CalendarVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /** Whether {@link #parse} takes this text. */
  public static boolean isVersion(String text) {
    return FORM.matcher(text).matches();
  }

  /** Whether it was published in this month. */
  boolean isOf(YearMonth yearMonth) {
    return year == yearMonth.getYear() && month == yearMonth.getMonthValue();
  }

  private static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "not a version: its "
              + what
              + " is "
              + value
              + " (expected "
              + least
              + " to "
              + most
              + ")");
    }
  }

  /** By time, then by number. */
  @Override
  public int compareTo(CalendarVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%04d.%02d-%03d", year, month, number);
  }
}

package io.baseimage.engine;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Docker's API. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /** What Docker Engine 20.10 speaks. */
  static final ApiVersion OLDEST = new ApiVersion(1, 41);

  /** What Docker Engine 28.5 speaks: the newest whose answers are known. */
  static final ApiVersion NEWEST = new ApiVersion(1, 51);

  /** Reads {@code 1.41}. */
  static Optional<ApiVersion> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}

package io.baseimage.inventory;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of rpm's versions (rpm-version(7)), written {@code EPOCH:VERSION-RELEASE}. */
final class RpmVersions implements Comparator<String> {
  // Runs of digits or of letters, and the two characters that mean something; others separate.
  private static final Pattern SEGMENT = Pattern.compile("[0-9]+|[A-Za-z]+|[~^]");

  @Override
  public int compare(String one, String other) {
    int byEpoch = epoch(one).compareTo(epoch(other));
    if (byEpoch != 0) {
      return byEpoch;
    }
    String[] first = parts(one);
    String[] second = parts(other);
    int byVersion = compareParts(first[0], second[0]);
    return byVersion != 0 ? byVersion : compareParts(first[1], second[1]);
  }

  private static BigInteger epoch(String version) {
    int colon = version.indexOf(':');
    String epoch = colon < 0 ? "" : version.substring(0, colon);
    return epoch.matches("[0-9]+") ? new BigInteger(epoch) : BigInteger.ZERO;
  }

  private static String[] parts(String version) {
    String rest = version.substring(version.indexOf(':') + 1);
    int hyphen = rest.lastIndexOf('-');
    return hyphen < 0
        ? new String[] {rest, ""}
        : new String[] {rest.substring(0, hyphen), rest.substring(hyphen + 1)};
  }

  private static int compareParts(String one, String other) {
    Matcher first = SEGMENT.matcher(one);
    Matcher second = SEGMENT.matcher(other);
    while (true) {
      String a = first.find() ? first.group() : "";
      String b = second.find() ? second.group() : "";
      if (a.isEmpty() && b.isEmpty()) {
        return 0;
      }
      int order = compareSegments(a, b);
      if (order != 0) {
        return order;
      }
    }
  }

  /** Before the end comes a tilde and after it a caret, and after that anything else. */
  private static int compareSegments(String a, String b) {
    int byRank = Integer.compare(rank(a), rank(b));
    if (byRank != 0) {
      return byRank;
    }
    return rank(a) == NUMBER ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
  }

  private static final int NUMBER = 4;

  private static int rank(String segment) {
    if (segment.isEmpty()) {
      return 1;
    }
    char c = segment.charAt(0);
    return c == '~' ? 0 : c == '^' ? 2 : c <= '9' ? NUMBER : 3;
  }
}

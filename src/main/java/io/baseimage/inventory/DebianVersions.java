package io.baseimage.inventory;

import java.math.BigInteger;
import java.util.Comparator;

/** The order of dpkg's versions (deb-version(7)). */
final class DebianVersions implements Comparator<String> {
  @Override
  public int compare(String one, String other) {
    int byEpoch = epoch(one).compareTo(epoch(other));
    if (byEpoch != 0) {
      return byEpoch;
    }
    String first = one.substring(one.indexOf(':') + 1);
    String second = other.substring(other.indexOf(':') + 1);
    int byUpstream = compareParts(upstream(first), upstream(second));
    return byUpstream != 0 ? byUpstream : compareParts(revision(first), revision(second));
  }

  private static BigInteger epoch(String version) {
    int colon = version.indexOf(':');
    String epoch = colon < 0 ? "" : version.substring(0, colon);
    return epoch.matches("[0-9]+") ? new BigInteger(epoch) : BigInteger.ZERO;
  }

  private static String upstream(String version) {
    int hyphen = version.lastIndexOf('-');
    return hyphen < 0 ? version : version.substring(0, hyphen);
  }

  /** None is the same as 0. */
  private static String revision(String version) {
    int hyphen = version.lastIndexOf('-');
    return hyphen < 0 ? "" : version.substring(hyphen + 1);
  }

  /** By turns a part without digits, by the order of its characters, and a number. */
  private static int compareParts(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() || j < other.length()) {
      while (isOther(one, i) || isOther(other, j)) {
        int difference = weight(one, i) - weight(other, j);
        if (difference != 0) {
          return difference;
        }
        i++;
        j++;
      }
      int endOfOne = endOfNumber(one, i);
      int endOfOther = endOfNumber(other, j);
      int byNumber = number(one, i, endOfOne).compareTo(number(other, j, endOfOther));
      if (byNumber != 0) {
        return byNumber;
      }
      i = endOfOne;
      j = endOfOther;
    }
    return 0;
  }

  private static boolean isOther(String text, int at) {
    return at < text.length() && !isDigit(text.charAt(at));
  }

  /** The end comes before all but the tilde, and letters before other characters. */
  private static int weight(String text, int at) {
    if (at >= text.length() || isDigit(text.charAt(at))) {
      return 0;
    }
    char c = text.charAt(at);
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return c == '~' ? -1 : letter ? c : c + 256;
  }

  private static int endOfNumber(String text, int from) {
    int end = Math.min(from, text.length());
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static BigInteger number(String text, int from, int to) {
    return from >= to ? BigInteger.ZERO : new BigInteger(text.substring(from, to));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}

package io.baseimage.variant;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody who mistyped a name may have meant. */
final class NearestNames {
  private static final int MOST = 3;

  private NearestNames() {}

  /** The known names that are near enough to be meant, nearest first, at most three. */
  static List<String> of(String typed, Collection<String> known) {
    record Candidate(String name, int distance) {}
    int allowed = Math.max(1, Math.min(4, typed.length() / 3));
    List<Candidate> near =
        known.stream()
            .filter(name -> Math.abs(name.length() - typed.length()) <= allowed)
            .map(name -> new Candidate(name, distance(folded(typed), folded(name))))
            .filter(candidate -> candidate.distance() <= allowed)
            .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
            .toList();
    // Beside a name that is one letter off, those that are several off were hardly meant.
    return near.stream()
        .filter(candidate -> candidate.distance() <= near.get(0).distance() + 1)
        .limit(MOST)
        .map(Candidate::name)
        .toList();
  }

  /** {@code "; did you mean 'x' or 'y'?"}, or nothing if no name is near. */
  static String hint(String typed, Collection<String> known) {
    List<String> near = of(typed, known);
    return near.isEmpty() ? "" : "; did you mean '" + String.join("' or '", near) + "'?";
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The number of letters to insert, delete, replace or swap with a neighbour. */
  static int distance(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replace = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[to.length()];
  }
}

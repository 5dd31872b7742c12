package io.baseimage.upgrades;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One {@code check-update} of dnf or yum, and what it has answered. */
final class YumQuestion {
  /** Complaints with which some versions end well all the same. */
  private static final Pattern FAILURE =
      Pattern.compile(
          ".*(?:Failed to (?:download|synchronize)|Ignoring repositories|Cannot retrieve|Cannot find"
              + " a valid baseurl|Cannot prepare|configured repositories failed).*");

  private static final Pattern OBSOLETING = Pattern.compile("Obsoleting [Pp]ackages.*");
  private static final Pattern NAME = Pattern.compile("\\S+\\.\\S+");
  private static final Pattern VERSION = Pattern.compile("[^\\s-]+-[^\\s-]+");

  private static final int COLUMNS = 3;
  private static final int MOST_WORDS = 3;

  private final String status;
  private final SortedMap<String, String> newer = new TreeMap<>();
  private final List<String> said = new ArrayList<>();
  private final List<String> row = new ArrayList<>();
  private boolean isOver;

  /**
   * Of which nothing is read yet.
   *
   * @param status with which the program has ended
   */
  YumQuestion(String status) {
    this.status = status;
  }

  /**
   * Takes a line of its standard output. What is too wide for its column has the columns after it
   * on lines of their own, indented.
   */
  void out(String line) {
    isOver |= OBSOLETING.matcher(line).matches();
    if (line.isBlank() || !Character.isWhitespace(line.charAt(0))) {
      row.clear();
    }
    if (isOver || line.isBlank()) {
      return;
    }
    row.addAll(List.of(line.strip().split("\\s+")));
    if (row.size() >= COLUMNS) {
      if (row.size() == COLUMNS
          && NAME.matcher(row.get(0)).matches()
          && VERSION.matcher(row.get(1)).matches()) {
        newer.put(row.get(0), row.get(1));
      }
      row.clear();
    }
  }

  /** Takes a line of its standard error. */
  void said(String line) {
    said.add(line);
  }

  /** The newest version of each package that has one, by the package's name and architecture. */
  SortedMap<String, String> newer() {
    return newer;
  }

  /** Why it is no answer; empty if it is one. */
  Optional<String> complaint() {
    List<String> failures = said.stream().filter(line -> FAILURE.matcher(line).matches()).toList();
    if (!Set.of("0", "100").contains(status) || !failures.isEmpty()) {
      return Optional.of(
          "has failed with status " + status + words(failures.isEmpty() ? said : failures));
    }
    return status.equals("100") && newer.isEmpty()
        ? Optional.of("says that there are updates, and not which")
        : Optional.empty();
  }

  private static String words(List<String> lines) {
    return lines.isEmpty()
        ? ""
        : lines.stream().distinct().limit(MOST_WORDS).collect(Collectors.joining("; ", ": ", ""));
  }
}

package io.baseimage.inventory;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Copyright files of Debian's packages, as far as they are written for programs (DEP-5). */
final class DebianCopyright {
  private static final Pattern FORMAT =
      Pattern.compile("^Format(?:-Specification)?:.*(?:copyright-format|dep5|DEP5|DEP-5).*");

  private DebianCopyright() {}

  /** The names of all licences, SPDX's where it has one, sorted; none if the file is prose. */
  static List<String> licences(String text) {
    List<String> lines = text.lines().toList();
    if (lines.stream().limit(3).noneMatch(line -> FORMAT.matcher(line).matches())) {
      return List.of();
    }
    TreeSet<String> ofFiles = new TreeSet<>();
    TreeSet<String> alone = new TreeSet<>();
    boolean isOfFiles = false;
    for (String line : lines) {
      if (line.isBlank()) {
        isOfFiles = false;
      } else if (line.startsWith("Files:") || line.startsWith("Format")) {
        isOfFiles = true;
      } else if (line.startsWith("License:")) {
        String name = line.substring(line.indexOf(':') + 1).strip();
        if (!name.isEmpty()) {
          (isOfFiles ? ofFiles : alone).add(Licences.ofDebian(name));
        }
      }
    }
    return List.copyOf(ofFiles.isEmpty() ? alone : ofFiles);
  }
}

package io.baseimage.inventory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of licences, and what SPDX calls the best known of them. */
final class Licences {
  private static final Pattern GNU =
      Pattern.compile("(AGPL|GFDL|GPL|LGPL)-([0-9](?:\\.[0-9])?)(\\+?)");
  private static final Set<String> GNU_VERSIONS =
      Set.of(
          "AGPL-3.0",
          "GFDL-1.1",
          "GFDL-1.2",
          "GFDL-1.3",
          "GPL-1.0",
          "GPL-2.0",
          "GPL-3.0",
          "LGPL-2.0",
          "LGPL-2.1",
          "LGPL-3.0");

  /** Those that have other names at Debian than at SPDX, in small letters. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "expat", "MIT",
          "artistic", "Artistic-1.0",
          "apache-2", "Apache-2.0",
          "cc0", "CC0-1.0",
          "wtfpl-2", "WTFPL");

  private static final Map<String, String> SPDX = new HashMap<>();

  static {
    for (String id :
        Set.of(
            "Apache-1.1",
            "Apache-2.0",
            "Artistic-1.0",
            "Artistic-2.0",
            "BSD-1-Clause",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "BSD-4-Clause",
            "BSL-1.0",
            "CC0-1.0",
            "ISC",
            "MIT",
            "MPL-1.1",
            "MPL-2.0",
            "OFL-1.1",
            "PostgreSQL",
            "Unlicense",
            "WTFPL",
            "Zlib",
            "curl")) {
      SPDX.put(id.toLowerCase(Locale.ROOT), id);
    }
    for (String version : new HashSet<>(GNU_VERSIONS)) {
      for (String end : Set.of("-only", "-or-later")) {
        SPDX.put((version + end).toLowerCase(Locale.ROOT), version + end);
      }
    }
  }

  private Licences() {}

  /** SPDX's identifier where Debian's name (DEP-5, section 7.1) means one, else the name. */
  static String ofDebian(String name) {
    Matcher gnu = GNU.matcher(name);
    if (gnu.matches()) {
      String version = gnu.group(2).contains(".") ? gnu.group(2) : gnu.group(2) + ".0";
      String licence = gnu.group(1) + "-" + version;
      return GNU_VERSIONS.contains(licence)
          ? licence + (gnu.group(3).isEmpty() ? "-only" : "-or-later")
          : name;
    }
    String small = name.toLowerCase(Locale.ROOT);
    return OTHER_NAMES.getOrDefault(small, SPDX.getOrDefault(small, name));
  }
}

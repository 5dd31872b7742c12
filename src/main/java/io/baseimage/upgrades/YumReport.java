package io.baseimage.upgrades;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the script {@code yum.sh} has written. */
final class YumReport {
  /** Complaints with which some versions end well all the same. */
  private static final Pattern FAILURE =
      Pattern.compile(
          ".*(?:Failed to (?:download|synchronize)|Ignoring repositories|Cannot retrieve|Cannot find"
              + " a valid baseurl|Cannot prepare|configured repositories failed).*");

  private static final int MOST_WORDS = 3;

  private YumReport() {}

  /** Reads it. */
  static Answer of(String text) {
    Map<String, String> installed = new HashMap<>();
    Map<String, String> newer = new TreeMap<>();
    Set<String> security = new HashSet<>();
    List<String> said = new ArrayList<>();
    String update = "";
    String lists = "0";
    boolean isOfSecurity = false;
    boolean ended = false;
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 3);
      String rest = line.substring(Math.min(line.length(), words[0].length() + 1));
      switch (words[0]) {
        case "update" -> update = rest;
        case "lists" -> lists = rest;
        case "security" -> isOfSecurity = rest.equals("100");
        case "newer" -> {
          if (isOfSecurity) {
            security.add(words[1]);
          } else if (words.length == 3) {
            newer.put(words[1], words[2]);
          }
        }
        case "installed" -> {
          if (words.length == 3) {
            installed.put(words[1], words[2]);
          }
        }
        case "said" -> said.add(rest);
        case "end" -> ended = true;
        default -> {}
      }
    }
    List<String> failures = said.stream().filter(line -> FAILURE.matcher(line).matches()).toList();
    if (!Set.of("0", "100").contains(update) || !failures.isEmpty()) {
      return new Answer.Unknown(
          "the package manager's check-update has failed with status "
              + update
              + said.stream()
                  .distinct()
                  .limit(MOST_WORDS)
                  .collect(Collectors.joining("; ", ": ", ""))
              + ". Check the network, and whether the mirror is whole");
    }
    if (!ended) {
      return new Answer.Unknown("the package manager has ended early");
    }
    if (!lists.matches("[0-9]+") || Integer.parseInt(lists) < 2) {
      return new Answer.Unknown("the image names no package repositories");
    }
    if (update.equals("100") && newer.isEmpty()) {
      return new Answer.Unknown("the package manager says that there are updates, and not which");
    }
    List<Upgrade> upgrades = new ArrayList<>();
    newer.forEach(
        (name, version) ->
            upgrades.add(
                new Upgrade(
                    name.substring(0, name.lastIndexOf('.')),
                    installed.getOrDefault(name, "another version"),
                    version,
                    security.contains(name))));
    return new Answer.Known(upgrades);
  }
}

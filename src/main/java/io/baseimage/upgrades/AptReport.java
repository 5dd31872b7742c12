package io.baseimage.upgrades;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the script {@code apt.sh} has written. */
final class AptReport {
  /** Inst NAME [OLD] (NEW LABEL:VERSION/SUITE, … [ARCHITECTURE]) …. */
  private static final Pattern UPGRADE =
      Pattern.compile("Inst (\\S+) \\[([^\\]]+)\\] \\((\\S+) (.*?)(?: \\[[^\\]]*\\])?\\).*");

  /** Complaints with which apt of some releases ends well all the same. */
  private static final Pattern FAILURE =
      Pattern.compile(
          "(?:E:|Err).*|.*(?:Failed to fetch|GPG error|An error occurred during the signature"
              + "|Skipping acquire|have been ignored, or old ones used|does not have a Release file"
              + "|is not signed|not valid yet|is expired).*");

  /** What became of a file of an archive: {@code Err:7 ADDRESS SUITE/COMPONENT … Packages}. */
  private static final Pattern FETCHED =
      Pattern.compile("(Get|Hit|Ign|Err)(?::\\d+)? (.*?)(?: \\[[^\\]]*B\\])?");

  private static final Set<String> GOT = Set.of("Get", "Hit");
  private static final int MOST_WORDS = 3;

  private final List<List<String>> images = new ArrayList<>();
  private final Map<String, String> releases = new LinkedHashMap<>();
  private final List<String> said = new ArrayList<>();
  private boolean hasAllReleases = true;
  private String update = "";
  private String lists = "";
  private boolean ended;

  /** Reads it. */
  static AptReport of(String text) {
    AptReport report = new AptReport();
    text.lines().forEach(report::read);
    return report;
  }

  private void read(String line) {
    String[] words = line.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "update" -> update = rest;
      case "lists" -> lists = rest;
      case "release" -> release(rest);
      case "end" -> ended = true;
      case "image" -> images.add(new ArrayList<>(List.of(line)));
      case "said" -> (images.isEmpty() ? said : last()).add(images.isEmpty() ? rest : line);
      default -> {
        if (!images.isEmpty()) {
          last().add(line);
        }
      }
    }
  }

  private List<String> last() {
    return images.get(images.size() - 1);
  }

  private void release(String rest) {
    String[] words = rest.split(" ", 2);
    if (words.length == 2 && words[0].matches("[0-9a-f]{64}")) {
      releases.put(words[1], words[0]);
    } else {
      hasAllReleases = false;
    }
  }

  /**
   * The digest of each list of indexes by its address, for all of the package sources; empty if
   * there is one that has none.
   */
  Optional<Map<String, String>> releases() {
    return hasAllReleases && !releases.isEmpty() ? Optional.of(releases) : Optional.empty();
  }

  /** Why nothing can be said of any image; empty if something can. */
  Optional<String> complaint() {
    List<String> failures = failures();
    if (!update.equals("0") || !failures.isEmpty()) {
      return Optional.of(
          "apt-get update has failed"
              + (update.equals("0") ? "" : " with status " + update)
              + words(failures.isEmpty() ? grumbles() : failures)
              + ". Check the network, and whether the mirror is whole");
    }
    if (!ended) {
      return Optional.of("apt has ended early");
    }
    return lists.equals("0")
        ? Optional.of(
            "apt-get update has brought no list of packages: the image names no package sources,"
                + " or ones that are empty")
        : Optional.empty();
  }

  private List<String> grumbles() {
    return said.stream().filter(line -> !FETCHED.matcher(line).matches()).toList();
  }

  /**
   * What has gone wrong. Where an archive does not say which of its files there are, apt tries one
   * after the other: of each file counts what became of it in the end.
   */
  private List<String> failures() {
    Map<String, String> ends = new HashMap<>();
    for (String line : said) {
      Matcher fetched = FETCHED.matcher(line);
      if (fetched.matches()) {
        ends.put(fetched.group(2), fetched.group(1));
      }
    }
    return said.stream()
        .filter(line -> FAILURE.matcher(line).matches())
        .filter(
            line -> {
              Matcher fetched = FETCHED.matcher(line);
              return !fetched.matches() || !GOT.contains(ends.get(fetched.group(2)));
            })
        .toList();
  }

  /** Of one of the images, in the order in which the script was given them. */
  Answer of(int number) {
    Optional<String> complaint = complaint();
    if (complaint.isPresent()) {
      return new Answer.Unknown(complaint.get());
    }
    if (number >= images.size()) {
      return new Answer.Unknown("apt has ended early");
    }
    List<String> lines = images.get(number);
    if (!lines.get(0).equals("image " + number + " 0")) {
      return new Answer.Unknown(
          "apt-get -s dist-upgrade has failed"
              + words(
                  lines.stream()
                      .filter(line -> line.startsWith("said "))
                      .map(line -> line.substring("said ".length()))
                      .toList()));
    }
    Set<String> security = new HashSet<>();
    for (String line : lines) {
      if (line.startsWith("security ")) {
        security.add(line.substring("security ".length()));
      }
    }
    Map<String, Upgrade> upgrades = new TreeMap<>();
    for (String line : lines) {
      Matcher matcher = UPGRADE.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(1);
        upgrades.put(
            name,
            new Upgrade(
                name,
                matcher.group(2),
                matcher.group(3),
                Security.of(security.contains(name) || isOfSecurity(matcher.group(4)))));
      }
    }
    return new Answer.Known(List.copyOf(upgrades.values()));
  }

  /** Debian's security archive says so by its label, Ubuntu's by its suite. */
  private static boolean isOfSecurity(String origins) {
    for (String origin : origins.split(", *", -1)) {
      String lower = origin.toLowerCase(Locale.ROOT);
      if (lower.startsWith("debian-security:") || lower.endsWith("-security")) {
        return true;
      }
    }
    return false;
  }

  private static String words(List<String> lines) {
    return lines.isEmpty()
        ? ""
        : lines.stream().distinct().limit(MOST_WORDS).collect(Collectors.joining("; ", ": ", ""));
  }
}

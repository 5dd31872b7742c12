package io.baseimage.upgrades;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the script {@code yum.sh} has written. */
final class YumReport {
  private final Map<String, String> installed = new HashMap<>();
  private YumQuestion update = new YumQuestion("");
  private YumQuestion security = new YumQuestion("");
  private YumQuestion last = update;
  private String lists = "0";
  private boolean ended;

  private YumReport() {}

  /** Reads it. */
  static Answer of(String text) {
    YumReport report = new YumReport();
    text.lines().forEach(report::read);
    return report.answer();
  }

  private void read(String line) {
    String[] words = line.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "update" -> last = update = new YumQuestion(rest);
      case "security" -> last = security = new YumQuestion(rest);
      case "out" -> last.out(rest);
      case "said" -> last.said(rest);
      case "lists" -> lists = rest;
      case "installed" -> {
        String[] its = rest.split(" ", 2);
        if (its.length == 2) {
          installed.put(its[0], its[1]);
        }
      }
      case "end" -> ended = true;
      default -> {}
    }
  }

  private Answer answer() {
    Optional<String> complaint = update.complaint();
    if (complaint.isPresent()) {
      return new Answer.Unknown(
          "the package manager's check-update "
              + complaint.get()
              + ". Check the network, and whether the mirror is whole");
    }
    if (!ended) {
      return new Answer.Unknown("the package manager has ended early");
    }
    if (!lists.matches("[0-9]+") || Integer.parseInt(lists) < 2) {
      return new Answer.Unknown("the image names no package repositories");
    }
    Optional<String> doubt =
        security
            .complaint()
            .map(
                what ->
                    "which upgrades close a hole: the package manager's check-update --security "
                        + what);
    List<Upgrade> upgrades = new ArrayList<>();
    Set<String> ofSecurity = security.newer().keySet();
    update
        .newer()
        .forEach(
            (name, version) ->
                upgrades.add(
                    new Upgrade(
                        name.substring(0, name.lastIndexOf('.')),
                        installed.getOrDefault(name, "another version"),
                        version,
                        doubt.isPresent()
                            ? Security.UNKNOWN
                            : Security.of(ofSecurity.contains(name)))));
    return new Answer.Known(upgrades, doubt.filter(what -> !upgrades.isEmpty()));
  }
}

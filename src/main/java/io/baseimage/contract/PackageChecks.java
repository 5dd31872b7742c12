package io.baseimage.contract;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PKG: apt, as Dockerfiles of child images use it. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.APT})
final class PackageChecks {
  /** The name of the container with fresh package lists. */
  static final String UPDATED = "updated";

  private static final int DEADLINE = 300;
  private static final int PATIENCE = 200;
  private static final String IDLE = "trap 'exit 0' TERM; sleep 1000 & wait";

  /** Packages and what they recommend; the first pair of which the image has neither is taken. */
  private static final String RECOMMENDING =
      """
      has() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
      for pair in wget:ca-certificates git:patch; do
        has "${pair%:*}" || has "${pair#*:}" || { echo "${pair%:*} ${pair#*:}"; exit 0; }
      done
      exit 1
      """;

  /** The name of each process, this question's shell among them but nothing else of it. */
  private static final String PROCESSES =
      "for p in /proc/[0-9]*; do read -r name <$p/comm && echo \"$name\"; done 2>/dev/null";

  /** A container with the network and fresh package lists. */
  static Box updated(Lab commons) {
    Box box = commons.box().network().command("sh", "-c", IDLE).start();
    Output update = box.sh("apt-get -q -o Acquire::Languages=none update </dev/null", PATIENCE);
    Verdict.holds(
        update.status() == 0 && !update.err().contains("Failed to fetch"),
        () -> "the package archive cannot be reached: " + update.seen());
    return box;
  }

  @Test
  @Proves("PKG-1")
  @Deadline(DEADLINE)
  @DisplayName("install_clean installs without recommendations and leaves no lists or caches")
  void installClean(Lab lab) {
    Box box = lab.box().network().command("sh", "-c", IDLE).start();
    String[] pair = pair(box);
    Output output = box.sh("install_clean " + pair[0] + " </dev/null", PATIENCE);
    Verdict.equal(0, output.status(), "install_clean " + pair[0] + " (" + output.seen() + ")");
    Verdict.equal(0, installed(box, pair[0]), "the package " + pair[0] + " is not there");
    Verdict.holds(installed(box, pair[1]) != 0, "the recommended " + pair[1] + " was installed");
    Output left =
        box.sh(
            "find /var/lib/apt/lists -type f ! -name lock; find /var/cache/apt -type f ! -name lock");
    Verdict.equal("", left.out(), "what install_clean has left");
  }

  private static String[] pair(Box box) {
    Output found = box.sh(RECOMMENDING);
    Verdict.equal(0, found.status(), "looking for a package to try (" + found.seen() + ")");
    return found.text().split(" ", -1);
  }

  private static int installed(Box box, String name) {
    return box.sh("dpkg-query -W -f '${Status}' " + name + " | grep -q 'ok installed'").status();
  }

  @Test
  @Proves("PKG-1")
  @Deadline(DEADLINE)
  @DisplayName("install_clean --install-recommends installs what a package recommends")
  void installCleanRecommends(Lab lab) {
    Box box = lab.box().network().command("sh", "-c", IDLE).start();
    String[] pair = pair(box);
    Output output =
        box.sh("install_clean --install-recommends " + pair[0] + " </dev/null", PATIENCE);
    Verdict.equal(0, output.status(), "install_clean (" + output.seen() + ")");
    Verdict.equal(0, installed(box, pair[1]), "the recommended " + pair[1] + " is not there");
  }

  @Test
  @Proves("COMPAT-5")
  @DisplayName("policy-rc.d forbids package scripts to start daemons")
  void policy(Lab lab) {
    Output output = lab.box().command("/usr/sbin/policy-rc.d", "some-daemon", "start").run();
    Verdict.equal(101, output.status(), "the status of policy-rc.d (" + output.seen() + ")");
  }

  @Test
  @Proves("PKG-2")
  @Deadline(DEADLINE)
  @DisplayName("a package with a daemon installs without a terminal, and its daemon is not started")
  void noDaemonStarts(Lab lab) {
    Box box = lab.shared(UPDATED, PackageChecks::updated);
    String before = box.sh(PROCESSES).out();
    Output output =
        box.sh(
            "for p in at dbus openssh-server; do dpkg-query -W $p >/dev/null 2>&1 ||"
                + " { apt-get install -y --no-install-recommends curl $p </dev/null; exit; }; done",
            PATIENCE);
    Verdict.equal(0, output.status(), "apt-get install -y (" + output.seen() + ")");
    Verdict.equal(0, box.sh("curl --version").status(), "curl does not run");
    TreeSet<String> started = new TreeSet<>(box.sh(PROCESSES).outLines());
    started.removeAll(before.lines().toList());
    Verdict.equal(new TreeSet<>(List.of()), started, "processes that the installation has started");
    String all = output.out() + output.err();
    for (String trouble :
        List.of(
            "policy-rc.d missing",
            "update-initramfs",
            "Failed to",
            "unable to connect to Upstart",
            "initctl: ")) {
      Verdict.lacks(all, trouble, "what the installation says");
    }
    Verdict.equal("", box.sh("dpkg --audit").out(), "packages that are not installed well");
  }

  @Test
  @Proves("PKG-3")
  @Deadline(DEADLINE)
  @DisplayName("no package has a newer version in its release")
  void upgraded(Lab lab) {
    Output output =
        lab.shared(UPDATED, PackageChecks::updated)
            .sh(
                "LC_ALL=C apt-get -s -o APT::Get::Never-Include-Phased-Updates=true dist-upgrade",
                PATIENCE);
    Verdict.equal(0, output.status(), "apt-get -s dist-upgrade (" + output.seen() + ")");
    List<String> newer =
        output.outLines().stream().filter(line -> line.startsWith("Inst ")).toList();
    Verdict.equal(List.of(), newer, "packages that would be upgraded");
  }
}

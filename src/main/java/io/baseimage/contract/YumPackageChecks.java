package io.baseimage.contract;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/** PKG: yum and its successors, as Dockerfiles of child images use them. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.YUM})
final class YumPackageChecks {
  /** The name of the container with fresh package lists. */
  static final String UPDATED = "updated-by-yum";

  private static final int DEADLINE = 300;
  private static final int PATIENCE = 200;
  private static final String IDLE = "trap 'exit 0' TERM; sleep 1000 & wait";

  /** The manager, and how it is told to look at the newest state of its release. */
  private static final String MANAGER =
      """
      for manager in dnf microdnf yum; do command -v $manager >/dev/null && break; done
      . /etc/os-release
      newest=; case $ID$VERSION_ID in amzn20[0-9][0-9]) newest=--releasever=latest;; esac
      """;

  /** A package, and what it recommends; only the newer managers know of such a thing. */
  private static final String RECOMMENDING = "httpd";

  private static final String RECOMMENDED = "mod_http2";

  /** The name of each process, this question's shell among them but nothing else of it. */
  private static final String PROCESSES =
      "for p in /proc/[0-9]*; do read -r name <$p/comm && echo \"$name\"; done 2>/dev/null";

  private static final String CACHES =
      "find /var/cache/yum /var/cache/dnf /var/cache/libdnf5 -type f ! -name '*lock*' 2>/dev/null; true";

  /** A container with the network and fresh package lists. */
  static Box updated(Lab commons) {
    Box box = commons.box().network().command("sh", "-c", IDLE).start();
    Output update = box.sh(MANAGER + "$manager makecache $newest </dev/null", PATIENCE);
    Verdict.equal(0, update.status(), "the package lists (" + update.seen() + ")");
    return box;
  }

  @Test
  @Proves("PKG-1")
  @Deadline(DEADLINE)
  @DisplayName("install_clean installs by yum or dnf without recommendations and leaves no caches")
  void installClean(Lab lab) {
    Box box = withoutRecommending(lab);
    Output output = box.sh("install_clean " + RECOMMENDING + " </dev/null", PATIENCE);
    Verdict.equal(0, output.status(), "install_clean " + RECOMMENDING + " (" + output.seen() + ")");
    Verdict.equal(0, installed(box, RECOMMENDING), "the package " + RECOMMENDING + " is not there");
    if (knowsRecommendations(box)) {
      Verdict.holds(installed(box, RECOMMENDED) != 0, "the recommended package was installed");
    }
    Verdict.equal("", box.sh(CACHES).out(), "what install_clean has left");
  }

  @Test
  @Proves("PKG-1")
  @Deadline(DEADLINE)
  @DisplayName("install_clean --install-recommends installs what a package recommends by dnf")
  void installCleanRecommends(Lab lab) {
    Box box = withoutRecommending(lab);
    if (!knowsRecommendations(box)) {
      throw new TestAbortedException("yum knows no recommendations");
    }
    Output output =
        box.sh("install_clean --install-recommends " + RECOMMENDING + " </dev/null", PATIENCE);
    Verdict.equal(0, output.status(), "install_clean (" + output.seen() + ")");
    Verdict.equal(0, installed(box, RECOMMENDED), RECOMMENDED + " is not there");
  }

  @Test
  @Proves("PKG-1")
  @Deadline(DEADLINE)
  @DisplayName("install_clean fails if one of two packages does not exist, and leaves no caches")
  void installCleanFails(Lab lab) {
    Box box = lab.box().network().command("sh", "-c", IDLE).start();
    Output output = box.sh("install_clean bash no-such-package </dev/null", PATIENCE);
    Verdict.holds(output.status() != 0, "install_clean of a package that does not exist is 0");
    Verdict.contains(output.out() + output.err(), "no-such-package", "what install_clean says");
    Verdict.equal("", box.sh(CACHES).out(), "what install_clean has left");
  }

  private static Box withoutRecommending(Lab lab) {
    Box box = lab.box().network().command("sh", "-c", IDLE).start();
    if (installed(box, RECOMMENDING) == 0) {
      throw new TestAbortedException("the image has the package that would be installed");
    }
    return box;
  }

  private static boolean knowsRecommendations(Box box) {
    return box.sh("command -v dnf || command -v microdnf").status() == 0;
  }

  private static int installed(Box box, String name) {
    return box.sh("rpm -q --quiet " + name).status();
  }

  @Test
  @Proves("PKG-2")
  @Deadline(DEADLINE)
  @DisplayName("yum or dnf installs a package with a daemon without a terminal; no daemon starts")
  void noDaemonStarts(Lab lab) {
    Box box = lab.shared(UPDATED, YumPackageChecks::updated);
    String before = box.sh(PROCESSES).out();
    Output output =
        box.sh(
            MANAGER
                + "for p in at openssh-server dbus; do rpm -q --quiet $p ||"
                + " { $manager install -y curl $p </dev/null; exit; }; done",
            PATIENCE);
    Verdict.equal(0, output.status(), "install -y curl (" + output.seen() + ")");
    Verdict.equal(0, box.sh("curl --version").status(), "curl does not run");
    TreeSet<String> started = new TreeSet<>(box.sh(PROCESSES).outLines());
    started.removeAll(before.lines().toList());
    Verdict.equal(new TreeSet<>(List.of()), started, "processes that the installation has started");
    String all = output.out() + output.err();
    for (String trouble :
        List.of("Failed to", "scriptlet", "has not been booted", "initctl: ", "Error in")) {
      Verdict.lacks(all.replace("Running scriptlet", ""), trouble, "what the installation says");
    }
  }

  @Test
  @Proves("PKG-3")
  @Deadline(DEADLINE)
  @DisplayName("yum or dnf knows no newer version of any package in the release")
  void upgraded(Lab lab) {
    Output output =
        lab.shared(UPDATED, YumPackageChecks::updated)
            .sh(MANAGER + "$manager -q $newest check-update </dev/null", PATIENCE);
    Verdict.equal(
        0, output.status(), "check-update, which is 100 for news (" + output.seen() + ")");
  }
}

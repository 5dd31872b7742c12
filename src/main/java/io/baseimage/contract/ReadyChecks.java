package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SVC-6: container-ready. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.RUNIT, Feature.CONTAINER_READY})
final class ReadyChecks {

  @Test
  @Proves("SVC-6")
  @DisplayName("container-ready names the services that are not up, and succeeds when all are")
  void services(Lab lab) {
    Box box =
        lab.box()
            .service("good", "exec sleep 1000")
            .service("fails", "[ -e /mended ] || exit 1", "exec sleep 1000")
            .service("held", "exec sleep 1000")
            .file("/etc/service/held/down", "")
            .script("/etc/my_init.d/50_early", "container-ready >/early 2>&1; echo $? >>/early")
            .start();
    box.eventually(20, "! container-ready | grep -q good", "a service that is up is named");
    List<String> early = box.lines("/early");
    Verdict.holds(early.size() == 2 && !early.get(1).equals("0"), "during the boot: " + early);
    Verdict.contains(early.get(0), "good", "what is not up during the boot");
    // Longer than runsv's pause between two starts, so that one of the looks comes right after one.
    for (int look = 0; look < 12; look++) {
      Output output = box.exec("container-ready");
      Verdict.holds(output.status() != 0, "a service that ends at once, for ever, is up");
      Verdict.contains(output.out() + output.err(), "fails", "what is not up");
      Verdict.lacks(output.out() + output.err(), "held", "what is not up, without the one held");
    }
    box.sh("touch /mended");
    box.eventually(15, "container-ready", "all services run, and it is not ready");
  }

  @Test
  @Proves("SVC-6")
  @DisplayName("a log service is a service: without it, the one that it logs for is not enough")
  void logService(Lab lab) {
    Box box =
        lab.box()
            .service("talks", "echo line-of-it", "exec sleep 1000")
            .directory("/etc/service/talks/log", 0755)
            .script(
                "/etc/service/talks/log/run",
                "[ -e /mended ] || exit 1",
                "exec cat >>/var/log/talks")
            .start()
            .awaitServices();
    box.eventually(
        20,
        "[ \"$(container-ready | sed 's/.*: *//')\" = talks/log ]",
        "not the log service alone is said to be missing");
    box.sh("touch /mended");
    box.eventually(15, "container-ready", "the log service runs, and it is not ready");
    box.eventually(5, "grep -q line-of-it /var/log/talks", "the log service has got nothing");
  }

  @Test
  @Proves("SVC-6")
  @Needs({Feature.SYSLOG})
  @DisplayName("container-ready fails while the syslog daemon does not answer")
  void syslog(Lab lab) {
    Box box = lab.box().start();
    box.eventually(20, "container-ready", "it is not ready");
    String signal =
        "for p in /proc/[0-9]*; do case \"$(cat $p/comm 2>/dev/null)\" in"
            + " syslog-ng|rsyslogd) kill -%s ${p#/proc/};; esac; done";
    box.sh(signal.formatted("STOP"));
    Output output = box.exec("container-ready");
    Verdict.holds(output.status() != 0, "it is ready although the syslog daemon is frozen");
    box.sh(signal.formatted("CONT"));
    box.eventually(10, "container-ready", "it is not ready although the daemon goes on");
  }

  @Test
  @Proves("SVC-6")
  @DisplayName("container-ready works with a read-only root and without capabilities")
  void hardened(Lab lab) {
    Box box = lab.box().readOnly("/run", "/tmp", "/var/log").unprivileged().start();
    box.eventually(20, "container-ready", "it is not ready");
  }
}

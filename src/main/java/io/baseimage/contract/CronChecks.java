package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** CRON. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.CRON})
final class CronChecks {
  /** The name of the container with jobs. */
  static final String RUNNING = "cron";

  private static final int DEADLINE = 100;

  /** The container whose job runs at the next full minute: made first, looked at last. */
  static Box running(Lab commons) {
    return commons
        .box()
        .file("/etc/cron.d/contract", "* * * * * nobody id -un >/tmp/by-nobody\n")
        .hardLink("/opt/another-name", "/etc/cron.d/contract")
        .file("/etc/cron.d/contract-root", "* * * * * root id -un >/tmp/by-root\n")
        .start();
  }

  @Test
  @Proves("CRON-1")
  @Deadline(DEADLINE)
  @DisplayName("a job runs within its minute, as its user, also from a file with hard links")
  void job(Lab lab) {
    Box box = lab.shared(RUNNING, CronChecks::running);
    box.eventually(75, "[ -s /tmp/by-root ]", "the job of root has not run within its minute");
    box.eventually(3, "[ -s /tmp/by-nobody ]", "the job with a hard link has not run");
    Verdict.equal(List.of("nobody"), box.lines("/tmp/by-nobody"), "the user of the job");
    Verdict.equal(List.of("root"), box.lines("/tmp/by-root"), "the user of root's job");
    String logged = box.sh("cat /var/log/syslog 2>/dev/null").out() + box.logs().err();
    Verdict.lacks(logged, "an entry for the specified session", "the log (pam_loginuid)");
  }

  @Test
  @Proves("CRON-1")
  @DisplayName("no session module asks for a login uid")
  void loginUid(Lab lab) {
    Output output =
        lab.resident().sh("grep -hs '^[^#]*pam_loginuid' /etc/pam.d/cron /etc/pam.d/crond");
    Verdict.equal("", output.out(), "pam_loginuid in cron's PAM configuration");
  }

  @Test
  @Proves("CRON-1")
  @DisplayName("cron runs again, and stays, after its supervisor was killed")
  void comesBack(Lab lab) {
    Box box = lab.box().start().awaitServices();
    String parent = "$(sed -n 's/^PPid:[^0-9]*//p' /proc/$(cat /var/run/crond.pid)/status)";
    box.eventually(5, "[ -d /proc/" + parent + " ]", "cron has no supervisor");
    box.sh("cp /var/run/crond.pid /before; kill -KILL " + parent);
    box.eventually(
        15,
        "[ \"$(cat /before)\" != \"$(cat /var/run/crond.pid)\" ] && [ \"$(cat /proc/"
            + parent
            + "/comm)\" = runsv ]",
        "cron does not run below a new supervisor");
    Output up = box.sh("sleep 2.5; sv status /etc/service/cron*");
    Verdict.matches(up.out(), "^run: .*\\) ([2-9]|\\d\\d)s", "the state of cron 2.5 s later");
  }

  @Test
  @Proves("CRON-2")
  @DisplayName("no stock job looks after lost+found, packages or disks")
  void stockJobs(Lab lab) {
    Output output =
        lab.resident()
            .sh(
                "cd /etc; ls cron.hourly cron.daily cron.weekly cron.monthly cron.d 2>/dev/null |"
                    + " grep -E '^(standard|apt|apt-compat|aptitude|dpkg|e2scrub|e2scrub_all|mdadm"
                    + "|fstrim|update-notifier-common|ubuntu-advantage-tools|popularity-contest"
                    + "|bsdmainutils|passwd|upstart|man-db(\\.cron)?|raid-check|update-motd|0yum.*|yum-autoupdate"
                    + "|makewhatis\\.cron|mlocate(\\.cron)?|prelink|readahead.*)$'");
    Verdict.equal("", output.out(), "jobs that have nothing to do in a container");
  }
}

package io.baseimage.contract;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** LOG: syslog. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.SYSLOG})
final class SyslogChecks {
  private static final List<String> FACILITIES =
      List.of(
          "auth",
          "authpriv",
          "cron",
          "daemon",
          "ftp",
          "lpr",
          "mail",
          "news",
          "syslog",
          "user",
          "uucp",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private static final String FACILITY_LOOP =
      "for f in " + String.join(" ", FACILITIES) + "; do logger -p $f.info -t tag-$f text-$f; done";

  /** What the tables that cron reads have for every day, by way of anacron too. */
  private static final String DAILY_COMMANDS =
      """
      for table in /etc/crontab /etc/cron.d/*; do
        case "${table##*/}" in *[!A-Za-z0-9_-]*) continue;; esac
        sed -nE -e '/^\\s*#/d' -e \
          's/^\\s*(@daily|@midnight|\\S+\\s+\\S+\\s+\\*\\s+\\*\\s+\\*)\\s+root\\s+//p' "$table"
      done 2>/dev/null | grep -E 'cron\\.daily|logrotate'
      sed -nE 's/^\\s*(1|@daily)\\s+[0-9]+\\s+\\S+\\s+(.*cron\\.daily)/\\2/p' /etc/anacrontab 2>/dev/null
      """;

  /** As if the log had last been rotated years ago; the place of the state has moved over time. */
  private static final String AGED =
      """
      mkdir -p /var/lib/logrotate && for file in /var/lib/logrotate/status \
        /var/lib/logrotate/logrotate.status /var/lib/logrotate.status; do
        printf 'logrotate state -- version 2\\n"/var/log/syslog" 2020-1-1-0:0:0\\n' >$file || exit 1
        chmod 640 $file
      done
      """;

  /** The ids of the processes of the syslog daemon. */
  private static final String DAEMONS =
      "for p in /proc/[0-9]*; do case \"$(cat $p/comm 2>/dev/null)\" in"
          + " syslog-ng|rsyslogd) echo ${p#/proc/};; esac; done";

  @Test
  @Proves("LOG-1")
  @DisplayName("every facility is in /var/log/syslog and, with its tag, in docker logs")
  void everyFacility(Lab lab) {
    Box box = lab.box().start().awaitServices();
    Output logger = box.sh(FACILITY_LOOP);
    Verdict.equal(0, logger.status(), "logger (" + logger.seen() + ")");
    box.eventually(5, "grep -q text-local7 /var/log/syslog", "/var/log/syslog lacks a line");
    box.awaitLog("text-local7", 5);
    String file = String.join("\n", box.lines("/var/log/syslog"));
    String log = box.logs().err();
    for (String facility : FACILITIES) {
      String line = "tag-" + facility + "(\\[\\d+\\])?: text-" + facility;
      Verdict.matches(file, line, "/var/log/syslog");
      Verdict.matches(log, line, "the stderr of docker logs");
    }
    Verdict.lacks(box.logs().out(), "text-", "the stdout of docker logs");
  }

  @Test
  @Proves("LOG-1")
  @DisplayName("logging works when stderr is a terminal")
  void toTerminal(Lab lab) {
    Box box = lab.box().terminal().start().awaitServices();
    box.sh("logger -t some-tag to-a-terminal");
    box.awaitLog("some-tag.*: to-a-terminal", 5);
    box.eventually(5, "grep -q to-a-terminal /var/log/syslog", "/var/log/syslog lacks it");
  }

  @Test
  @Proves("LOG-1")
  @DisplayName("logging works when stderr is a file")
  void toFile(Lab lab) {
    Box box =
        lab.box().command("sh", "-c", "exec /sbin/my_init 2>/opt/stderr").start().awaitServices();
    box.sh("logger -t some-tag to-a-file");
    box.eventually(5, "grep -q 'some-tag.*: to-a-file' /opt/stderr", "the stderr file lacks it");
    box.eventually(5, "grep -q to-a-file /var/log/syslog", "/var/log/syslog lacks it");
    Verdict.contains(
        String.join("\n", box.lines("/opt/stderr")),
        "*** Runit started",
        "the file, not overwritten");
  }

  @Test
  @Proves("LOG-2")
  @DisplayName("the daemon opens no network port and no kernel log")
  void localOnly(Lab lab) {
    Box box = lab.resident();
    List<String> daemons = new ArrayList<>(box.sh(DAEMONS).outLines());
    Verdict.holds(!daemons.isEmpty(), "no syslog daemon runs");
    Output ports =
        box.sh(
            "for f in tcp udp tcp6 udp6 raw raw6; do [ ! -e /proc/net/$f ] ||"
                + " sed 1d /proc/net/$f | sed \"s/^/$f /\"; done");
    Verdict.equal("", ports.out(), "the open network ports");
    for (String daemon : daemons) {
      String files = box.sh("ls -l /proc/" + daemon + "/fd").out();
      Verdict.lacks(files, "kmsg", "the open files of the daemon");
    }
    Verdict.holds(box.sh("[ -S /dev/log ]").status() == 0, "/dev/log is no socket");
  }

  @Test
  @Proves("LOG-2")
  @DisplayName("a daemon that is killed comes back and logs again")
  void comesBack(Lab lab) {
    Box box = lab.box().start().awaitServices();
    String before = box.sh(DAEMONS).text();
    box.sh("kill -KILL $(" + DAEMONS + ")");
    box.eventually(
        10,
        "now=$("
            + DAEMONS
            + "); [ -n \"$now\" ] && [ \"$now\" != '"
            + before
            + "' ]"
            + " && logger -t back again-it-logs && grep -q again-it-logs /var/log/syslog",
        "after KILL the daemon does not log again");
    box.awaitLog("again-it-logs", 5);
  }

  @Test
  @Proves("LOG-2")
  @DisplayName("the daemon logs without any capability beyond a container's own")
  void noExtraCapability(Lab lab) {
    Box box = lab.resident();
    Output extra =
        box.sh(
            "for p in $("
                + DAEMONS
                + "); do grep CapEff /proc/$p/status; done; grep CapEff /proc/1/status");
    List<String> sets =
        extra.outLines().stream().map(line -> line.replaceAll("\\s+", " ")).distinct().toList();
    long own = capabilities(sets.get(sets.size() - 1));
    for (String set : sets) {
      Verdict.holds((capabilities(set) & ~own) == 0, "the daemon has more than process 1: " + sets);
    }
    Verdict.lacks(
        box.logs().err(), "apabilit", "stderr, where the daemon would complain of capabilities");
  }

  private static long capabilities(String line) {
    return Long.parseUnsignedLong(line.replaceFirst(".* ", ""), 16);
  }

  @Test
  @Proves("LOG-3")
  @Needs({Feature.LOGROTATE})
  @DisplayName("logrotate's configuration is clean; after a forced rotation the new file is used")
  void rotation(Lab lab) {
    Box box = lab.box().start().awaitServices();
    Output check = box.sh("logrotate -d /etc/logrotate.conf 2>&1");
    Verdict.equal(0, check.status(), "logrotate -d (" + check.seen() + ")");
    Verdict.holds(!check.out().contains("error"), "logrotate -d reports an error: " + check.seen());
    box.eventually(5, "logger -t old before-it && grep -q before-it /var/log/syslog", "no log");
    Output forced = box.sh("logrotate -f /etc/logrotate.conf 2>&1");
    Verdict.equal(0, forced.status(), "logrotate -f (" + forced.seen() + ")");
    box.eventually(5, "ls /var/log/syslog.* || ls /var/log/syslog-*", "no rotated file");
    box.eventually(
        8,
        "logger -t new after-it; grep -q after-it /var/log/syslog && ! grep -q before-it /var/log/syslog",
        "after a rotation the new file does not get the messages");
    Verdict.holds(
        box.sh("[ -x /etc/cron.daily/logrotate ]").status() == 0, "no daily job runs logrotate");
  }

  @Test
  @Proves("LOG-3")
  @Needs({Feature.LOGROTATE, Feature.CRON})
  @DisplayName("what cron does every day rotates a log that is due")
  void dailyRotation(Lab lab) {
    Box box = lab.box().start().awaitServices();
    List<String> commands = box.sh(DAILY_COMMANDS).outLines();
    Verdict.holds(!commands.isEmpty(), "no crontab has a daily line for cron.daily or logrotate");
    box.eventually(5, "logger -t old before-it && grep -q before-it /var/log/syslog", "no log");
    Output aged = box.sh(AGED);
    Verdict.equal(0, aged.status(), "giving logrotate an old state (" + aged.seen() + ")");
    StringBuilder said = new StringBuilder();
    for (String command : commands) {
      Output output =
          box.exec(
              "env",
              "-i",
              "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
              "HOME=/root",
              "LOGNAME=root",
              "SHELL=/bin/sh",
              "/bin/sh",
              "-c",
              command);
      said.append(command).append(": ").append(output.seen()).append(' ');
    }
    Verdict.holds(
        box.sh("ls /var/log/syslog.* || ls /var/log/syslog-*").status() == 0,
        () -> "nothing is rotated by " + said);
  }

  @Test
  @Proves("LOG-4")
  @DisplayName("after a restart of the container it logs again")
  void restarted(Lab lab) {
    Box box = lab.box().start().awaitServices();
    box.eventually(5, "logger first-life && grep -q first-life /var/log/syslog", "no log");
    box.kill("KILL");
    box.status(lab.scaled(10));
    box.start();
    box.awaitServices();
    box.eventually(
        10, "logger second-life; grep -q second-life /var/log/syslog", "no log after a restart");
  }

  @Test
  @Proves("STOP-6")
  @DisplayName("what a service logs when it is stopped is in syslog")
  void lastLines(Lab lab) {
    Box box =
        lab.box()
            .service(
                "talks",
                "trap 'sleep 0.3; logger -t talks last-line-of-it; exit 0' TERM",
                "echo up >/up",
                "while :; do sleep 0.05; done")
            .start()
            .awaitServices();
    box.eventually(5, "[ -e /up ]", "the service is not up");
    box.stop(9);
    Verdict.contains(
        String.join("\n", box.lines("/var/log/syslog")), "last-line-of-it", "/var/log/syslog");
  }
}

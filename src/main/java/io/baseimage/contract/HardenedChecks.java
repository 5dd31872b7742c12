package io.baseimage.contract;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/** HARD: hardened runs. */
@ExtendWith(CheckExtension.class)
@Needs(Feature.SHELL)
final class HardenedChecks {
  private static final String IDLE = "trap 'exit 0' TERM; sleep 1000 & wait";

  private static final String[] WITH_ORPHAN = {
    "/sbin/my_init",
    "--skip-startup-files",
    "--skip-runit",
    "--",
    "sh",
    "-c",
    "(sleep 4444 &); exit 3"
  };

  @Test
  @Proves("HARD-1")
  @Needs({Feature.MY_INIT, Feature.RUNIT})
  @DisplayName("boots, serves, dumps under /run and stops with a read-only root file system")
  void readOnly(Lab lab) {
    Box box = lab.box().env("GIVEN", "value").readOnly("/run", "/tmp", "/var/log").start();
    box.awaitServices();
    Output found =
        box.sh("grep -rl '^export GIVEN=' /run 2>/dev/null | head -n 1 | grep . && ! touch /file");
    Verdict.equal(0, found.status(), "no dump under /run: " + found.seen());
    List<String> told =
        box.logs().errLines().stream()
            .filter(line -> line.startsWith("*** ") && line.contains("/run"))
            .toList();
    Verdict.equal(1, told.size(), "the number of warnings that say where: " + box.logs().seen());
    if (lab.facts().has(Feature.SYSLOG)) {
      box.eventually(5, "logger read-only-log; grep -q read-only-log /var/log/syslog", "no log");
    }
    Output output = box.stop(9);
    Verdict.equal(0, output.status(), "the status after a stop (" + output.seen() + ")");
  }

  @Test
  @Proves("HARD-2")
  @Needs(Feature.MY_INIT)
  @DisplayName("an ordinary user runs a command with the environment and reaping")
  void ordinaryUser(Lab lab) {
    Output output =
        lab.box()
            .user("1000")
            .env("GIVEN", "value")
            .init(
                "--",
                "sh",
                "-c",
                "(sh -c 'echo $$ >/tmp/orphan' &); tries=0;"
                    + " until orphan=$(cat /tmp/orphan 2>/dev/null) && [ -n \"$orphan\" ] &&"
                    + " [ ! -e \"/proc/$orphan\" ]; do sleep 0.05; tries=$((tries+1));"
                    + " [ $tries -lt 200 ] || { echo an orphan is left; break; }; done;"
                    + " id -u; echo $GIVEN; exit 7")
            .run();
    Verdict.equal(7, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal("1000\nvalue\n", output.out(), "stdout");
    List<String> warnings =
        output.errLines().stream().filter(line -> line.startsWith("*** ")).toList();
    Verdict.equal(
        warnings.size(),
        (int) warnings.stream().distinct().count(),
        "a warning is repeated: " + warnings);
    for (String part : List.of("dump", "startup (file|script)|my_init\\.d", "service")) {
      Pattern about = Pattern.compile(part, Pattern.CASE_INSENSITIVE);
      Verdict.equal(
          1L,
          warnings.stream().filter(line -> about.matcher(line).find()).count(),
          "the number of warnings on what is left out (" + part + ") among " + warnings);
    }
  }

  @Test
  @Proves("HARD-3")
  @Needs({Feature.MY_INIT, Feature.RUNIT})
  @DisplayName("boots, logs and stops without any capability and with no-new-privileges")
  void withoutCapabilities(Lab lab) {
    Box box = lab.box().unprivileged().start().awaitServices();
    if (lab.facts().has(Feature.SYSLOG)) {
      box.eventually(5, "logger bare-log; grep -q bare-log /var/log/syslog", "no log");
    }
    Output output = box.stop(9);
    Verdict.equal(0, output.status(), "the status after a stop (" + output.seen() + ")");
  }

  @Test
  @Proves("HARD-4")
  @DisplayName("/etc/hosts can be edited in a running container and takes effect")
  void hosts(Lab lab) {
    Box box = lab.box().network().command("sh", "-c", IDLE).start();
    Output output =
        box.sh("echo '192.0.2.77 edited.test' >>/etc/hosts && getent hosts edited.test");
    Verdict.contains(output.out(), "192.0.2.77", "the address of a name in /etc/hosts");
  }

  @Test
  @Proves("PID1-6")
  @Needs(Feature.MY_INIT)
  @DisplayName("run by docker exec, my_init ends its own descendants and nobody else")
  void notProcessOne(Lab lab) {
    Box box = others(lab);
    touchesOnlyItsOwn(lab, box, box.exec(WITH_ORPHAN));
  }

  @Test
  @Proves("PID1-6")
  @Needs(Feature.MY_INIT)
  @DisplayName("in a shared PID namespace, my_init ends its own descendants and nobody else")
  void sharedProcesses(Lab lab) {
    Box box = others(lab);
    touchesOnlyItsOwn(lab, box, lab.box().processesOf(box).command(WITH_ORPHAN).run());
  }

  /** Whether a process has exactly this argument. */
  private static String argument(String word) {
    return "grep -qsaz '^" + word + "$' /proc/[0-9]*/cmdline";
  }

  private static Box others(Lab lab) {
    Box box = lab.box().command("sh", "-c", "trap 'exit 0' TERM; sleep 5555 & wait").start();
    box.eventually(10, argument("5555"), "the process of others is not there");
    return box;
  }

  private static void touchesOnlyItsOwn(Lab lab, Box box, Output output) {
    if (lab.facts().emulated() && output.err().contains("no subreaper (Invalid argument)")) {
      throw new TestAbortedException("the emulator knows no subreaper");
    }
    Verdict.equal(3, output.status(), "the status of my_init (" + output.seen() + ")");
    Verdict.equal(0, box.sh(argument("5555")).status(), "a process of others is gone");
    Verdict.equal(1, box.sh(argument("4444")).status(), "an orphan of my_init's command is left");
  }

  @Test
  @Proves("USER-3")
  @Needs(Feature.SETUSER)
  @DisplayName("what setuser gives up is given up for good")
  void privilegesAreGone(Lab lab) {
    Output output =
        lab.resident()
            .exec(
                "/sbin/setuser",
                "nobody",
                "grep",
                "-E",
                "^(Uid|Gid|CapPrm|CapEff|CapAmb):",
                "/proc/self/status");
    for (String line : output.outLines()) {
      Map.Entry<String, List<String>> entry =
          Map.entry(
              line.split(":", 2)[0], List.of(line.split(":", 2)[1].strip().split("\\s+", -1)));
      if (entry.getKey().endsWith("id")) {
        Verdict.equal(1L, entry.getValue().stream().distinct().count(), "ids that differ: " + line);
        Verdict.holds(!entry.getValue().contains("0"), "an id of root is kept: " + line);
      } else {
        Verdict.equal(List.of("0000000000000000"), entry.getValue(), entry.getKey());
      }
    }
    Verdict.holds(output.outLines().size() >= 4, "no such process: " + output.seen());
  }
}

package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/** SVC-1: services on bad days. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.RUNIT})
final class BadDayChecks {
  private static final long MEMORY = 128L << 20;
  private static final int RESTARTS = 10;

  /** Ticks of the clock that processes' times are counted in, a hundredth of a second each. */
  private static final int TICKS = 50;

  /** Kills each service that should be up and waits until another process has its place. */
  private static final String KILL_IN_TURN =
      """
      for s in /etc/service/*/; do
        [ -x "$s/run" ] && [ ! -e "$s/down" ] || continue
        old=$(cat "$s/supervise/pid")
        kill -KILL "$old" || { echo "$s did not run"; continue; }
        tries=0
        until new=$(cat "$s/supervise/pid") && [ -n "$new" ] && [ "$new" != "$old" ] &&
          kill -0 "$new" 2>/dev/null; do
          tries=$((tries+1))
          [ $tries -lt 150 ] || { echo "$s is not restarted"; break; }
          sleep 0.1
        done
      done
      """;

  @Test
  @Proves({"SVC-1", "PID1-7"})
  @DisplayName("without a service, or without /etc/service, the container boots, lives and stops")
  void noServices(Lab lab) {
    for (String loss : List.of("rm -rf /etc/service/*", "rm -rf /etc/service")) {
      Box box = lab.box().command("sh", "-c", loss + "; exec /sbin/my_init").start();
      box.eventually(
          15, "cat /proc/[0-9]*/comm | grep -q '^runsvdir'", "no runsvdir after " + loss);
      Output output = box.stop(9);
      Verdict.equal(0, output.status(), "the status after " + loss + " (" + output.seen() + ")");
    }
  }

  @Test
  @Proves("SVC-1")
  @DisplayName("a file, a dangling link and a folder without run in /etc/service hurt no service")
  void oddEntries(Lab lab) {
    Box box =
        lab.box()
            .file("/etc/service/file", "no service\n")
            .symbolicLink("/etc/service/dangling", "/no/such/folder")
            .directory("/etc/service/empty", 0755)
            .directory("/etc/service/plain", 0755)
            .file("/etc/service/plain/run", "#!/bin/sh\nexec sleep 1000\n")
            .service("good", "echo up >/up", "exec sleep 1000")
            .start();
    box.eventually(15, "[ -e /up ] && sv status good | grep -q ^run:", "the service is not up");
    Output output = box.stop(9);
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
  }

  @Test
  @Proves("SVC-1")
  @DisplayName("a service that exits at once is tried once a second, and says so once each time")
  void exitsAtOnce(Lab lab) {
    Box box =
        lab.box()
            .service("quick", "date +%s%N >>/starts; exit 1")
            .script("/etc/service/quick/finish", "echo the-service-has-ended >&2")
            .start();
    box.eventually(20, "[ $(wc -l </starts) -ge 4 ]", "the service is not tried again");
    Output costs =
        box.sh(
            "for p in /proc/[0-9]*; do case $(cat $p/comm) in my_init|runsvdir|runsv) set -- $(cat"
                + " $p/stat); echo $((${14} + ${15}));; esac; done");
    int ticks = costs.outLines().stream().mapToInt(Integer::parseInt).sum();
    List<String> starts = box.lines("/starts");
    long seconds =
        (Long.parseLong(starts.get(starts.size() - 1)) - Long.parseLong(starts.get(0)))
            / 1_000_000_000;
    Verdict.holds(
        starts.size() <= seconds + 3, starts.size() + " starts within " + seconds + " seconds");
    Verdict.holds(
        ticks <= TICKS, "the supervision alone took " + ticks + " hundredths of a second");
    long told =
        box.logs().errLines().stream().filter(line -> line.contains("the-service-has")).count();
    Verdict.holds(told <= seconds + 4, told + " lines within " + seconds + " seconds");
    Verdict.equal(0, box.stop(9).status(), "the status after a stop");
  }

  @Test
  @Proves("SVC-1")
  @DisplayName("each service that is killed comes back")
  void killedInTurn(Lab lab) {
    Box box =
        lab.box()
            .service("first", "exec sleep 1000")
            .service("second", "exec sleep 1000")
            .start()
            .awaitServices();
    Verdict.equal("", box.sh(KILL_IN_TURN).text(), "services that were killed");
    box.awaitServices();
    Verdict.equal(0, box.stop(9).status(), "the status after a stop");
  }

  @Test
  @Proves("SVC-1")
  @DisplayName("a service that the kernel kills for want of memory is restarted, others stay")
  void outOfMemory(Lab lab) {
    if (!Boolean.TRUE.equals(lab.client().infoCmd().exec().getMemoryLimit())) {
      throw new TestAbortedException("the engine cannot limit memory");
    }
    // Looked at from outside, while there is no memory inside.
    Box box =
        lab.box()
            .memory(MEMORY)
            .service("patient", "echo $$ >>/patient", "exec sleep 1000")
            .service(
                "greedy",
                "echo started >>/greedy",
                "[ $(wc -l </greedy) -gt 2 ] || while all=x$all$all; do :; done",
                "exec sleep 1000")
            .start();
    Verdict.eventually(
        lab.scaled(30),
        () -> box.lines("/greedy").size() > 2 || !box.isRunning(),
        () -> "the service is not restarted: " + box.lines("/greedy") + ", " + box.logs().seen());
    box.awaitServices();
    Verdict.equal(1, box.lines("/patient").size(), "the starts of another service");
    Verdict.equal(0, box.stop(9).status(), "the status after a stop");
  }

  @Test
  @Proves({"SVC-1", "PID1-7"})
  @Deadline(150)
  @DisplayName("docker restart, ten times: every service is up each time")
  void restarts(Lab lab) {
    Box box = lab.box().service("mine", "echo up >>/up", "exec sleep 1000").start();
    for (int life = 1; life <= RESTARTS; life++) {
      awaitLife(box, life);
      box.restart();
    }
    awaitLife(box, RESTARTS + 1);
    Verdict.equal(0, box.stop(9).status(), "the status after a stop");
  }

  private static void awaitLife(Box box, int number) {
    box.awaitServices();
    box.eventually(
        10, "[ $(wc -l </up) -eq " + number + " ]", "not one start of a service in each life");
  }
}

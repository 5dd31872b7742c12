package io.baseimage.contract;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PID1: orphans, signals, life. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class Pid1Checks {
  private static final int ORPHANS = 2000;

  /** So that 40 bytes for each orphan are too many, and a few pages are not. */
  private static final long PAGES_KB = 40;

  /** Makes orphans, waits until no zombie is left (2 s at most) and says how many are. */
  private static final String ORPHANAGE =
      """
      #!/bin/sh
      i=0
      while [ $i -lt $1 ]; do (: &); i=$((i+1)); done
      tries=0
      while :; do
        zombies=0
        for stat in /proc/[0-9]*/stat; do
          read -r line <"$stat" 2>/dev/null || continue
          case "${line##*) }" in Z*) zombies=$((zombies+1));; esac
        done
        [ $zombies -eq 0 ] || [ $tries -ge 20 ] && break
        sleep 0.1; tries=$((tries+1))
      done
      echo "$zombies zombies"
      """;

  private static final double SOON = 6;
  private static final int EMULATORS_START = 500;
  private static final int[] DELAYS = {0, 1, 2, 5, 10, 20, 35, 50, 80, 120, 200, 400};

  @Test
  @Proves("PID1-1")
  @DisplayName("after 2000 orphans no zombie is left, and memory has not grown")
  void orphansAreReaped(Lab lab) {
    Box box = lab.box().program("/opt/orphanage", ORPHANAGE).start().awaitServices();
    box.sh("/opt/orphanage 50");
    long before = memory(box);
    Verdict.equal("0 zombies", box.sh("/opt/orphanage " + ORPHANS).text(), "after the orphans");
    long after = memory(box);
    Verdict.holds(
        after - before <= PAGES_KB,
        "the memory of process 1 has grown from " + before + " to " + after + " kB");
  }

  @Test
  @Proves("PID1-1")
  @DisplayName("orphans are reaped during startup scripts, shutdown hooks and a main command, too")
  void orphansAreReapedAlways(Lab lab) {
    Box box =
        lab.box()
            .program("/opt/orphanage", ORPHANAGE)
            .script("/etc/my_init.d/50_orphans", "/opt/orphanage 100 >/at-startup")
            .script("/etc/my_init.pre_shutdown.d/50_orphans", "/opt/orphanage 100 >/at-pre")
            .script("/etc/my_init.post_shutdown.d/50_orphans", "/opt/orphanage 100 >/at-post")
            .init("--", "sh", "-c", "/opt/orphanage 100 >/at-main")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    for (String moment : List.of("startup", "main", "pre", "post")) {
      Verdict.equal(List.of("0 zombies"), box.lines("/at-" + moment), "at " + moment);
    }
  }

  @Test
  @Proves("PID1-3")
  @DisplayName("children start with the signals blocked and ignored that my_init was given")
  void childrenGetSignals(Lab lab) {
    String look = "grep -E '^Sig(Blk|Ign):' /proc/self/status";
    Box box =
        lab.box()
            .script("/etc/my_init.d/50_look", look + " >/script")
            .script("/etc/my_init.pre_shutdown.d/50_look", look + " >/hook")
            .service("look", look + " >/service; exec sleep 1000")
            .init(
                "--", "sh", "-c", "until [ -s /service ]; do sleep 0.05; done; " + look + " >/main")
            .start();
    box.ended();
    // Mostly none; but an engine hands on what it was itself started with.
    List<String> given = lab.box().command("sh", "-c", look).run().outLines();
    Verdict.equal(2, given.size(), "lines about the signals of a plain command");
    for (String child : List.of("script", "service", "main", "hook")) {
      Verdict.equal(given, box.lines("/" + child), "the signals of a " + child);
    }
  }

  @Test
  @Proves("PID1-4")
  @DisplayName("HUP, QUIT, USR1, USR2 and WINCH are passed on to the main command")
  void signalsArePassedOn(Lab lab) {
    List<String> signals = List.of("HUP", "QUIT", "USR1", "USR2", "WINCH");
    StringBuilder main = new StringBuilder();
    signals.forEach(
        signal ->
            main.append("trap 'echo got ").append(signal).append("' ").append(signal).append("; "));
    main.append("echo ready; while :; do sleep 0.05; done");
    Box box = lab.box().init("--quiet", "--", "sh", "-c", main.toString()).start();
    box.awaitLog("^ready$", 15);
    for (String signal : signals) {
      box.kill(signal);
      box.awaitLog("^got " + signal + "$", 5);
    }
    Verdict.holds(box.isRunning(), "a signal that is passed on has ended the container");
  }

  @Test
  @Proves("PID1-4")
  @DisplayName("TERM and INT shut down in order, and a second one does not cut that short")
  void secondSignalChangesNothing(Lab lab) {
    for (String signal : List.of("TERM", "INT")) {
      Box box =
          lab.box()
              .script(
                  "/etc/my_init.pre_shutdown.d/50_slow",
                  "echo hook-runs >&2",
                  "sleep 1.5",
                  "echo done >/pre")
              .script("/etc/my_init.post_shutdown.d/50_last", "echo done >/post")
              .start()
              .awaitServices();
      box.kill(signal);
      box.awaitLog("hook-runs", 5);
      box.kill("TERM");
      box.kill("INT");
      Output output = box.ended();
      Verdict.equal(0, output.status(), "the status after " + signal + " (" + output.seen() + ")");
      Verdict.holds(box.exists("/pre"), "a second signal has cut a pre-shutdown hook short");
      Verdict.holds(box.exists("/post"), "a second signal has left out the post-shutdown hooks");
    }
  }

  @Test
  @Proves({"PID1-5", "STOP-5"})
  @DisplayName("a stop is acted on at every moment of boot, from the first millisecond")
  void stopWhileBooting(Lab lab) {
    List<Box> boxes = new ArrayList<>();
    for (int delay : DELAYS) {
      boxes.add(stoppedAfter(lab, delay));
    }
    for (int i = 0; i < DELAYS.length; i++) {
      // What comes while the engine's own program still makes way for process 1, or before that
      // has run its first instruction, is lost on every program; but no program always has that
      // bad luck.
      Output output = boxes.get(i).endedIfSoon(lab.scaled(SOON));
      for (int again = 0; again < 3 && output.status() != 0; again++) {
        output = stoppedAfter(lab, DELAYS[i]).endedIfSoon(lab.scaled(SOON));
      }
      String seen = output.seen();
      Verdict.holds(
          output.status() == 0,
          "TERM " + DELAYS[i] + " ms after the start, four times: no orderly end; " + seen);
    }
  }

  private static Box stoppedAfter(Lab lab, int delay) {
    Box box = lab.box().script("/etc/my_init.d/50_slow", "sleep 0.1").prepare().start();
    // An emulator has to start itself before process 1 has its first instruction.
    pause(lab.facts().emulated() ? delay + EMULATORS_START : delay);
    box.kill("TERM");
    return box;
  }

  @Test
  @Proves("PID1-7")
  @DisplayName("without a main command a graceful stop ends with 0")
  void gracefulStop(Lab lab) {
    Box box = lab.box().start().awaitServices();
    Output output = box.stop(9);
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
  }

  @Test
  @Proves("PID1-7")
  @DisplayName("without a main command the container ends with runsvdir, and with its status")
  void endsWithRunsvdir(Lab lab) {
    Box box = lab.box().start().awaitServices();
    box.sh(
        "for p in /proc/[0-9]*; do case \"$(cat $p/comm)\" in runsvdir) kill -KILL ${p#/proc/};; esac; done");
    Output output = box.ended(lab.scaled(15));
    Verdict.equal(137, output.status(), "the container's status (" + output.seen() + ")");
  }

  /**
   * Memory of process 1 that is no file's, in kB: what it allocates. All that is resident would
   * count pages of its program, too, which the kernel takes and brings back as it likes.
   */
  private static long memory(Box box) {
    Output parts = box.sh("grep -E '^(Anonymous|Swap):' /proc/1/smaps");
    Verdict.equal(0, parts.status(), "the memory of process 1 (" + parts.seen() + ")");
    return parts.outLines().stream()
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

package io.baseimage.contract;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** STOP: shutting down. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.RUNIT})
final class StopChecks {
  private static final long ONE_DEADLINE = 6_000;

  /** Says on TERM what it was, and ends. */
  private static String telling(String what, String last) {
    return "trap 'echo "
        + what
        + " >>/order; "
        + last
        + "' TERM; echo up >/up-"
        + what
        + "; while :; do sleep 0.05; done";
  }

  @Test
  @Proves("STOP-1")
  @DisplayName("hooks, main command, services and the rest are ended in their order")
  void stopInOrder(Lab lab) {
    Box box =
        lab.box()
            .script("/etc/my_init.pre_shutdown.d/10_first", "echo pre >>/order", "sleep 0.3")
            .script("/etc/my_init.pre_shutdown.d/20_second", "echo pre-second >>/order")
            .file("/etc/my_init.pre_shutdown.d/30_plain", "#!/bin/sh\necho plain >>/order\n")
            .script("/etc/my_init.post_shutdown.d/10_post", "echo post >>/order", "sleep 0.3")
            .service("told", telling("service", "exit 0"))
            .script("/etc/service/told/finish", "echo finish >>/order")
            .script("/etc/my_init.d/50_orphan", "(sh -c \"" + telling("orphan", "exit 0") + "\" &)")
            .init("--", "sh", "-c", telling("main", "exit 0"))
            .start();
    box.eventually(
        15, "[ -e /up-service ] && [ -e /up-orphan ] && [ -e /up-main ]", "not everything is up");
    Output output = box.stop(9);
    Verdict.equal(
        List.of("pre", "pre-second", "main", "service", "finish", "post", "orphan"),
        box.lines("/order"),
        "the order of the shutdown (" + Verdict.quoted(output.err()) + ")");
  }

  @Test
  @Proves("STOP-1")
  @DisplayName("a main command that ignores TERM is killed after KILL_PROCESS_TIMEOUT")
  void stubbornMain(Lab lab) {
    Box box =
        lab.box()
            .env("KILL_PROCESS_TIMEOUT", "1")
            .script("/etc/my_init.post_shutdown.d/10_post", "echo post >/post")
            .init("--", "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.2; done")
            .start();
    box.awaitLog("^ready$", 15);
    Output output = box.stop(8);
    Verdict.equal(137, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.holds(box.exists("/post"), "the post-shutdown hook was not run");
  }

  @Test
  @Proves("STOP-2")
  @DisplayName("services get time to end; the one that ignores TERM is killed and named")
  void servicesEnd(Lab lab) {
    long timeout = Math.max(2, lab.scaled(2).toSeconds());
    Box box = politeAndDeaf(lab, timeout);
    // On a machine that is busy 0.8 s may be long; who gives no time gives none of the longer one.
    for (int again = 0; again < 2 && !box.exists("/saved"); again++) {
      timeout *= 2;
      box = politeAndDeaf(lab, timeout);
    }
    Verdict.holds(box.exists("/saved"), "a service that needs 0.8 s to end was not given it");
    Verdict.holds(box.exists("/polite-finish"), "the finish script of a service was not run");
    Verdict.holds(
        box.exists("/deaf-finish"), "the finish script of the killed service was not run");
    Verdict.matches(box.logs().err(), "(?m)^\\*\\*\\* .*\\bdeaf\\b", "stderr");
  }

  /** A container that was stopped, with a service that takes 0.8 s to end and one that does not. */
  private static Box politeAndDeaf(Lab lab, long timeout) {
    Box box =
        lab.box()
            .env("KILL_PROCESS_TIMEOUT", String.valueOf(timeout))
            .service(
                "polite",
                "trap 'sleep 0.8; echo saved >/saved; exit 0' TERM",
                "echo up >/up1",
                "while :; do sleep 0.05; done")
            .script("/etc/service/polite/finish", "echo finish >/polite-finish")
            .service("deaf", "trap '' TERM", "echo up >/up2", "while :; do sleep 0.2; done")
            .script("/etc/service/deaf/finish", "echo finish >/deaf-finish")
            .init()
            .start();
    box.eventually(15, "[ -e /up1 ] && [ -e /up2 ]", "the services are not up");
    long begun = System.nanoTime();
    Output output = box.stop(30);
    long took = (System.nanoTime() - begun) / 1_000_000;
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.holds(
        took > 900 * timeout && took < 1_000 * timeout + Math.max(5_000, lab.scaled(5).toMillis()),
        "stopping took " + took + " ms, expected about " + 1_000 * timeout);
    return box;
  }

  @Test
  @Proves("STOP-3")
  @DisplayName("a shutdown hook that fails or hangs is reported and stops nothing")
  void badHooks(Lab lab) {
    Recipe recipe = lab.box().env("KILL_PROCESS_TIMEOUT", "1");
    for (String phase : List.of("pre", "post")) {
      String directory = "/etc/my_init." + phase + "_shutdown.d/";
      recipe
          .script(directory + "10_fails", "exit 3")
          .script(directory + "20_hangs", "trap '' TERM", "sleep 1000")
          .program(directory + "25_broken", "#!/no/such/interpreter\n")
          .script(directory + "30_good", "echo done >/" + phase);
    }
    Box box = recipe.init().start().awaitServices();
    Output output = box.stop(20);
    for (String phase : List.of("pre", "post")) {
      Verdict.holds(box.exists("/" + phase), "the hook after the bad ones was not run: " + phase);
      for (String hook : List.of("10_fails", "20_hangs", "25_broken")) {
        // Running a hook is told, too: the report is what does not end in dots.
        List<String> reports =
            output.errLines().stream()
                .filter(line -> line.startsWith("*** ") && !line.endsWith("..."))
                .filter(line -> line.contains(phase + "_shutdown.d/" + hook))
                .toList();
        Verdict.holds(
            !reports.isEmpty(), "no report on " + phase + " " + hook + ": " + output.seen());
      }
    }
  }

  @Test
  @Proves("STOP-4")
  @DisplayName("the shutdown has one deadline, whatever hangs in it")
  void oneDeadline(Lab lab) {
    long took = deafStop(lab);
    // A machine that is busy may be slow once; a shutdown without a deadline is slow every time.
    for (int again = 0; again < 2 && took >= ONE_DEADLINE; again++) {
      took = deafStop(lab);
    }
    Verdict.holds(
        took < ONE_DEADLINE, "stopping took " + took + " ms: 2 hooks and 2 timeouts of 1 s each");
  }

  /** How many milliseconds it takes to stop a container in which nothing heeds TERM. */
  private static long deafStop(Lab lab) {
    String deaf = "trap '' TERM HUP INT; while :; do sleep 0.2; done";
    Box box =
        lab.box()
            .env("KILL_PROCESS_TIMEOUT", "1")
            .env("KILL_ALL_PROCESSES_TIMEOUT", "1")
            .script("/etc/my_init.pre_shutdown.d/10_hangs", deaf)
            .script("/etc/my_init.post_shutdown.d/10_hangs", deaf)
            .script("/etc/my_init.d/50_orphan", "(sh -c \"" + deaf + "\" >/dev/null 2>&1 &)")
            .service("deaf-1", deaf)
            .service("deaf-2", deaf)
            .init("--", "sh", "-c", "echo ready; " + deaf)
            .start();
    box.awaitLog("^ready$", 15);
    long begun = System.nanoTime();
    box.kill("TERM");
    box.status(lab.scaled(20));
    return (System.nanoTime() - begun) / 1_000_000;
  }

  @Test
  @Proves("STOP-5")
  @DisplayName("a stop while services are being started leaves none running and does not hang")
  void stopWhileServicesStart(Lab lab) {
    String processes = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done >/left";
    List<Box> boxes = new ArrayList<>();
    for (int copy = 0; copy < 3; copy++) {
      Recipe recipe = lab.box().script("/etc/my_init.post_shutdown.d/50_look", processes);
      for (int i = 0; i < 8; i++) {
        recipe.service("many-" + i, "exec sleep 98765");
      }
      Box box = recipe.init().start();
      // Each a little later than the one before: its services are at another point.
      box.awaitLog(copy == 0 ? "Booting runit" : "Runit started", 15);
      if (copy == 2) {
        box.sh("true");
      }
      box.kill("TERM");
      boxes.add(box);
    }
    for (Box box : boxes) {
      Output output = box.ended(lab.scaled(9));
      Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
      String left = String.join("\n", box.lines("/left"));
      Verdict.contains(left, "my_init", "the processes that the post-shutdown hook sees");
      Verdict.lacks(left, "98765", "the processes after services were stopped");
      Verdict.lacks(left, "runsv ", "the processes after services were stopped");
    }
  }
}

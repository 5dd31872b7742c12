package io.baseimage.contract;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BOOT-8: what variables tell my_init. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class BootTimeoutChecks {
  private static final String IGNORANT = "trap '' TERM HUP INT; ";
  private static final String STUBBORN = IGNORANT + "while :; do sleep 1; done";
  private static final String KILL = "KILL_PROCESS_TIMEOUT";
  private static final String KILL_ALL = "KILL_ALL_PROCESSES_TIMEOUT";

  @Test
  @Proves("BOOT-8")
  @DisplayName("ENV_INIT_DIRECTORY replaces /etc/my_init.d")
  void initDirectory(Lab lab) {
    Box box =
        lab.box()
            .env("ENV_INIT_DIRECTORY", "/opt/other-init")
            .script("/opt/other-init/10_other", "echo ran >/other")
            .script("/etc/my_init.d/10_usual", "echo ran >/usual")
            .init("--skip-runit", "--quiet", "--", "true")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.holds(box.exists("/other"), "no script of the directory was run");
    Verdict.holds(!box.exists("/usual"), "a script of /etc/my_init.d was run as well");
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("with the default timeouts the end comes within 10 s, whatever ignores TERM")
  void defaults(Lab lab) {
    // The default gives everybody 5 s.
    stopsWithin(4_000, 9_999, lab, () -> stubborn(lab));
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("timeouts are honoured from docker run -e")
  void fromRun(Lab lab) {
    stopsWithin(900, 4_000, lab, () -> stubborn(lab).env(KILL, "1").env(KILL_ALL, "1"));
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("timeouts are honoured from /etc/container_environment")
  void fromDirectory(Lab lab) {
    stopsWithin(
        900,
        4_000,
        lab,
        () ->
            stubborn(lab)
                .file("/etc/container_environment/" + KILL, "1\n")
                .file("/etc/container_environment/" + KILL_ALL, "1"));
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("a timeout of 0 means at once")
  void zero(Lab lab) {
    stopsWithin(0, 2_500, lab, () -> stubborn(lab).env(KILL, "0").env(KILL_ALL, "0"));
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("a timeout that is no number is a warning, and the default is used")
  void nonsense(Lab lab) {
    Output output =
        stopsWithin(4_500, 8_500, lab, () -> stubborn(lab).env(KILL, "soon").env(KILL_ALL, "0"));
    List<String> warnings =
        output.errLines().stream()
            .filter(line -> line.startsWith("*** ") && line.contains(KILL))
            .toList();
    Verdict.contains(String.join("\n", warnings), "soon", "the warnings about " + KILL);
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("with the default timeouts the end comes within 10 s, also if a hook hangs")
  void defaultsWithHooks(Lab lab) {
    stopsWithin(
        4_000,
        9_999,
        lab,
        () ->
            stubborn(lab)
                .script("/etc/my_init.pre_shutdown.d/50_hangs", STUBBORN)
                .script("/etc/my_init.post_shutdown.d/50_hangs", STUBBORN));
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("with the default timeouts the end comes within 10 s, also of a hanging boot")
  void defaultsWhileBooting(Lab lab) {
    stopsWithin(
        4_000,
        9_999,
        lab,
        () ->
            lab.box()
                .script("/etc/my_init.d/50_hangs", "echo ready; " + STUBBORN)
                .script("/etc/my_init.pre_shutdown.d/50_hangs", STUBBORN)
                .init());
  }

  /** A container whose main command, service and orphan all ignore TERM. */
  private static Recipe stubborn(Lab lab) {
    return lab.box()
        .service("stubborn", STUBBORN)
        .script("/etc/my_init.d/50_orphan", "(sh -c \"" + STUBBORN + "\" >/dev/null 2>&1 &)")
        .init("--", "sh", "-c", IGNORANT + "echo ready; " + STUBBORN);
  }

  /**
   * Stops a container of this recipe, which takes so many milliseconds, and gives its output. A
   * machine that is busy may be late once or twice; who keeps no time is late every time.
   */
  private static Output stopsWithin(int least, int most, Lab lab, Supplier<Recipe> recipe) {
    Box box = recipe.get().start();
    long took = stopping(box, lab);
    for (int again = 0; again < 2 && took > most; again++) {
      box = recipe.get().start();
      took = stopping(box, lab);
    }
    Verdict.holds(
        took >= least && took <= most,
        "stopping took " + took + " ms, expected " + least + " to " + most);
    return box.logs();
  }

  private static long stopping(Box box, Lab lab) {
    box.awaitLog("^ready$", 20);
    long begun = System.nanoTime();
    box.kill("TERM");
    box.status(lab.scaled(30));
    return (System.nanoTime() - begun) / 1_000_000;
  }
}

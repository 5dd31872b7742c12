package io.baseimage.contract;

import java.time.Duration;
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
    Duration took = stopped(lab, stubborn(lab));
    Verdict.holds(
        took.toMillis() < 10_000, "stopping took " + took.toMillis() + " ms, expected < 10000");
    Verdict.holds(
        took.toMillis() > 4_000,
        "stopping took " + took.toMillis() + " ms, which gives nobody the default 5 s");
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("timeouts are honoured from docker run -e")
  void fromRun(Lab lab) {
    between(stopped(lab, stubborn(lab).env(KILL, "1").env(KILL_ALL, "1")), 900, 4_000);
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("timeouts are honoured from /etc/container_environment")
  void fromDirectory(Lab lab) {
    Recipe recipe =
        stubborn(lab)
            .file("/etc/container_environment/" + KILL, "1\n")
            .file("/etc/container_environment/" + KILL_ALL, "1");
    between(stopped(lab, recipe), 900, 4_000);
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("a timeout of 0 means at once")
  void zero(Lab lab) {
    between(stopped(lab, stubborn(lab).env(KILL, "0").env(KILL_ALL, "0")), 0, 2_500);
  }

  @Test
  @Proves("BOOT-8")
  @DisplayName("a timeout that is no number is a warning, and the default is used")
  void nonsense(Lab lab) {
    Box box = stubborn(lab).env(KILL, "soon").env(KILL_ALL, "0").start();
    box.awaitLog("^ready$", 20);
    long begun = System.nanoTime();
    box.kill("TERM");
    Output output = box.ended();
    between(Duration.ofNanos(System.nanoTime() - begun), 4_500, 8_500);
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
    withinTen(
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
    withinTen(
        lab,
        () ->
            lab.box()
                .script("/etc/my_init.d/50_hangs", "echo ready; " + STUBBORN)
                .script("/etc/my_init.pre_shutdown.d/50_hangs", STUBBORN)
                .init());
  }

  /** A machine that is busy may be slow once or twice; who keeps no time is late every time. */
  private static void withinTen(Lab lab, Supplier<Recipe> recipe) {
    Duration took = stopped(lab, recipe.get());
    for (int again = 0; again < 2 && took.toMillis() >= 10_000; again++) {
      took = stopped(lab, recipe.get());
    }
    between(took, 4_000, 9_999);
  }

  /** A container whose main command, service and orphan all ignore TERM. */
  private static Recipe stubborn(Lab lab) {
    return lab.box()
        .service("stubborn", STUBBORN)
        .script("/etc/my_init.d/50_orphan", "(sh -c \"" + STUBBORN + "\" >/dev/null 2>&1 &)")
        .init("--", "sh", "-c", IGNORANT + "echo ready; " + STUBBORN);
  }

  private static Duration stopped(Lab lab, Recipe recipe) {
    Box box = recipe.start();
    box.awaitLog("^ready$", 20);
    long begun = System.nanoTime();
    box.kill("TERM");
    box.status(lab.scaled(30));
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void between(Duration took, int least, int most) {
    Verdict.holds(
        took.toMillis() >= least && took.toMillis() <= most,
        "stopping took " + took.toMillis() + " ms, expected " + least + " to " + most);
  }
}

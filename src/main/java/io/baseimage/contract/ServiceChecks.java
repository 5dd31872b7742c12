package io.baseimage.contract;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SVC: services. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.RUNIT})
final class ServiceChecks {
  @Test
  @Proves("SVC-1")
  @DisplayName("a service is up within a second of boot and is restarted when it dies")
  void supervised(Lab lab) {
    long second = lab.scaled(1).toNanos();
    Box box = timed(lab);
    // A machine that is busy may be slow once; a supervisor that waits is slow every time.
    for (int again = 0; again < 2 && delay(box) > second; again++) {
      box = timed(lab);
    }
    long delay = delay(box);
    Verdict.holds(
        delay <= second,
        "the service came up " + delay / 1_000_000 + " ms after the last startup script");
    box.sh("kill -KILL $(tail -n 1 /pids)");
    box.eventually(10, "[ $(wc -l </pids) -ge 2 ]", "a service that was killed is not restarted");
    box.eventually(5, "kill -0 $(tail -n 1 /pids)", "the restarted service does not run");
  }

  @Test
  @Proves("SVC-1")
  @DisplayName("services run and log whatever PATH the container is given, which the dump keeps")
  void anyPath(Lab lab) {
    Box box =
        lab.box()
            .env("PATH", "/opt/app/bin")
            .service("mine", "echo up >/mine", "exec /bin/sleep 1000")
            .init()
            .start();
    // The commands of checks get the PATH of the container, too.
    String usual = "PATH=/usr/sbin:/usr/bin:/sbin:/bin; ";
    box.eventually(10, usual + "[ -s /mine ]", "the service is not started");
    box.eventually(
        20,
        usual
            + "for s in /etc/service/*/; do [ -e \"$s/down\" ] || sv status \"$s\" 2>&1 |"
            + " grep -q '^run:' || exit 1; done; container-ready",
        "the services of the image do not run");
    Verdict.equal(
        List.of("/opt/app/bin"), box.lines("/etc/container_environment/PATH"), "PATH of the dump");
  }

  private static Box timed(Lab lab) {
    Box box =
        lab.box()
            .script("/etc/my_init.d/zz_last", "date +%s%N >/booted")
            .service(
                "mine", "[ -e /first ] || date +%s%N >/first", "echo $$ >>/pids", "exec sleep 1000")
            .init()
            .start();
    box.eventually(10, "[ -s /pids ]", "the service is not started");
    return box;
  }

  private static long delay(Box box) {
    return number(box, "/first") - number(box, "/booted");
  }

  private static long number(Box box, String path) {
    return Long.parseLong(String.join("", box.lines(path)).strip());
  }

  @Test
  @Proves("SVC-2")
  @DisplayName("a down file keeps a service down, and sv controls services")
  void controlled(Lab lab) {
    Box box =
        lab.box()
            .service("held", "echo $$ >>/held", "exec sleep 1000")
            .file("/etc/service/held/down", "")
            .service("mine", "echo $$ >>/mine", "exec sleep 1000")
            .init()
            .start();
    box.eventually(10, "sv status mine | grep -q ^run:", "the service is not up");
    box.eventually(5, "sv status held | grep -q ^down:", "the service is not held down");
    Verdict.holds(!box.exists("/held"), "a service with a down file was started");
    sv(box, "start", "held", "^run:");
    sv(box, "stop", "held", "^down:");
    String before = box.sh("tail -n 1 /mine").text();
    sv(box, "restart", "mine", "^run:");
    box.eventually(
        5, "[ \"$(tail -n 1 /mine)\" != " + before + " ]", "sv restart has not restarted");
  }

  private static void sv(Box box, String verb, String name, String state) {
    Output output = box.exec("sv", "-w", "30", verb, name);
    Verdict.equal(0, output.status(), "sv " + verb + " (" + output.seen() + ")");
    Verdict.matches(box.exec("sv", "status", name).out(), state, "sv status after sv " + verb);
  }

  @Test
  @Proves("SVC-3")
  @DisplayName("a service that is added while the container runs is picked up")
  void addedLater(Lab lab) {
    Box box = lab.box().start().awaitServices();
    box.sh(
        "mkdir /etc/service/.new && printf '#!/bin/sh\\necho up >/new\\nexec sleep 1000\\n'"
            + " >/etc/service/.new/run && chmod 755 /etc/service/.new/run"
            + " && mv /etc/service/.new /etc/service/new");
    box.eventually(15, "[ -e /new ]", "a service that was added is not picked up");
  }

  @Test
  @Proves("SVC-4")
  @DisplayName("a main command runs after startup files and services, and all end with it")
  void mainCommand(Lab lab) {
    Box box =
        lab.box()
            .script("/etc/my_init.d/50_script", "echo script >>/order")
            .service("mine", "echo service >>/order", "exec sleep 1000")
            .init(
                "--",
                "sh",
                "-c",
                "until grep -q service /order; do sleep 0.05; done; echo main >>/order")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal(List.of("script", "service", "main"), box.lines("/order"), "the order");
  }

  @Test
  @Proves("SVC-4")
  @Needs(Feature.BASH)
  @DisplayName("with a terminal, job control and Ctrl-C work in bash -l")
  void terminal(Lab lab) throws IOException {
    Box box = lab.box().terminal().init("--", "bash", "-l").prepare();
    try (Terminal terminal = box.terminal()) {
      box.start();
      terminal.type("PS1='re''ady> '\n");
      terminal.await(lab.scaled(15), "ready> ");
      terminal.type("sleep 1234; echo after-$?\n");
      box.eventually(
          10,
          "grep -qsaz '^1234$' /proc/[0-9]*/cmdline",
          "the command is not started: " + terminal.screen());
      terminal.type("\u0003");
      terminal.await(lab.scaled(5), "ready> ");
      terminal.type("echo sta''tus-$?\n");
      terminal.await(lab.scaled(5), "status-130");
      terminal.type("sleep 1000 & jobs; kill %1; echo job''s-done\n");
      terminal.await(lab.scaled(5), "jobs-done");
      Verdict.contains(terminal.screen(), "Running", "the terminal after 'jobs'");
      terminal.type("exit 5\n");
      Verdict.equal(5, box.status(lab.scaled(10)), "the container's status after 'exit 5'");
      Verdict.lacks(terminal.screen(), "job control", "the terminal");
      Verdict.lacks(terminal.screen(), "ioctl", "the terminal");
    }
  }

  @Test
  @Proves("SVC-5")
  @DisplayName("stdout belongs to the main command, also while syslog and services talk")
  void stdout(Lab lab) {
    Output only = lab.box().init("--quiet", "--", "echo", "only").run();
    Verdict.equal("only\n", only.out(), "stdout");
    Box box =
        lab.box()
            .script("/etc/my_init.d/50_talks", "echo script-talks")
            .service(
                "talks",
                "echo service-talks; logger -t talks logged >/dev/null 2>&1; echo >/talked",
                "exec sleep 1000")
            .init(
                "--quiet",
                "--",
                "sh",
                "-c",
                "logger -t main logged 2>/dev/null;"
                    + " until [ -e /talked ]; do sleep 0.1; done; sleep 0.3; echo only")
            .start();
    Output output = box.ended();
    Verdict.equal("only\n", output.out(), "stdout while others talk");
  }
}

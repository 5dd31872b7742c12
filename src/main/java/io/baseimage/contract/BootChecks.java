package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BOOT: starting up, in order. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class BootChecks {

  @Test
  @Proves("BOOT-1")
  @DisplayName("my_init is the default command and runs as process 1")
  void initIsDefaultCommand(Lab lab) {
    Verdict.equal(List.of("/sbin/my_init"), lab.facts().command(), "the image's command");
    Verdict.equal(List.of(), lab.facts().entrypoint(), "the image's entry point");
    String process = lab.resident().sh("tr '\\0' ' ' </proc/1/cmdline").text();
    Verdict.contains(process, "my_init", "the command line of process 1");
  }

  @Test
  @Proves("BOOT-2")
  @DisplayName("everything starts in its order, scripts in byte order, links among them")
  void bootInOrder(Lab lab) {
    Box box =
        lab.box()
            .file("/etc/container_environment/FROM_FILE", "imported\n")
            .script(
                "/usr/sbin/enable_insecure_key",
                "grep -q FROM_FILE /etc/container_environment.sh && echo \"key $FROM_FILE\" >>/order")
            .script(
                "/etc/my_init.d/10_first",
                "echo \"10_first $FROM_FILE\" >>/order",
                "grep -q FROM_FILE /etc/container_environment.sh && echo dumped >>/order")
            .script("/etc/my_init.d/9_second", "echo 9_second >>/order")
            .script("/etc/my_init.d/Big", "echo Big >>/order")
            .script("/etc/my_init.d/_under", "echo _under >>/order")
            .script("/opt/linked-to", "echo link >>/order")
            .symbolicLink("/etc/my_init.d/link", "/opt/linked-to")
            .script("/etc/my_init.d/small", "echo small >>/order")
            .script("/etc/rc.local", "echo rc.local >>/order")
            .service("order-probe", "echo service >>/order", "exec sleep 1000")
            .init(
                "--enable-insecure-key",
                "--",
                "sh",
                "-c",
                "until grep -q service /order; do sleep 0.05; done; echo main >>/order")
            .start();
    Output output = box.ended();
    Verdict.equal(
        List.of(
            "key imported",
            "10_first imported",
            "dumped",
            "9_second",
            "Big",
            "_under",
            "link",
            "small",
            "rc.local",
            "service",
            "main"),
        box.lines("/order"),
        "the order in which parts have run (" + Verdict.quoted(output.err()) + ")");
    Verdict.inOrder(
        output.errLines(),
        List.of(
            "10_first", "9_second", "Big", "_under", "link", "small", "rc\\.local", "runit daemon"),
        "the messages");
  }

  @Test
  @Proves("BOOT-9")
  @Needs(Feature.SYSLOG)
  @DisplayName("what the first startup script and a service's first line log is not lost")
  void firstLinesAreLogged(Lab lab) {
    Box box =
        lab.box()
            .script("/etc/my_init.d/000_first", "logger -t first-script line-of-the-first-script")
            .service("first-line", "logger -t first-service line-of-a-service", "exec sleep 1000")
            .start();
    box.eventually(
        15,
        "grep -q line-of-the-first-script /var/log/syslog"
            + " && grep -q line-of-a-service /var/log/syslog",
        "/var/log/syslog does not have both lines");
  }
}

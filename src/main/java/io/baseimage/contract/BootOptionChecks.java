package io.baseimage.contract;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BOOT: messages and options. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class BootOptionChecks {
  private static final Pattern INFORMATION =
      Pattern.compile(
          "^\\*\\*\\* (Running|Booting|Runit started|Shutting down|Killing all|.* status 0)");

  private static final List<String> OPTIONS =
      List.of(
          "--enable-insecure-key",
          "--skip-startup-files",
          "--skip-runit",
          "--no-kill-all-on-exit",
          "--quiet",
          "--help");

  @Test
  @Proves("BOOT-6")
  @DisplayName("each step is told on stderr in the words that everyone knows")
  void messages(Lab lab) {
    Output output = lab.box().script("/etc/rc.local", "exit 0").init("--", "ls").run();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Matcher runit =
        Pattern.compile("(?m)^\\*\\*\\* Runit started as PID (\\d+)$").matcher(output.err());
    Verdict.holds(runit.find(), "no '*** Runit started as PID …' in: " + output.seen());
    Verdict.inOrder(
        output.errLines(),
        List.of(
            "^\\*\\*\\* Running /etc/rc\\.local\\.\\.\\.$",
            "^\\*\\*\\* Booting runit daemon\\.\\.\\.$",
            "^\\*\\*\\* Runit started as PID \\d+$",
            "^\\*\\*\\* Running ls\\.\\.\\.$",
            "^\\*\\*\\* ls exited with status 0\\.$",
            "^\\*\\*\\* Shutting down runit daemon \\(PID " + runit.group(1) + "\\)\\.\\.\\.$",
            "^\\*\\*\\* Killing all processes\\.\\.\\.$"),
        "the messages");
    Verdict.lacks(output.out(), "***", "stdout");
    Verdict.contains(output.out(), "etc\n", "stdout");
  }

  @Test
  @Proves("BOOT-6")
  @DisplayName("--quiet leaves warnings and errors only")
  void quiet(Lab lab) {
    Output calm = lab.box().script("/etc/rc.local", "exit 0").init("--quiet", "--", "true").run();
    Verdict.equal(0, calm.status(), "the container's status (" + calm.seen() + ")");
    List<String> told =
        calm.errLines().stream().filter(line -> INFORMATION.matcher(line).find()).toList();
    Verdict.equal(List.of(), told, "what --quiet should leave out");
    Output warned =
        lab.box()
            .file("/etc/my_init.d/20_plain", "no script\n")
            .init("--quiet", "--skip-runit", "--", "true")
            .run();
    Verdict.matches(
        warned.err(), "(?m)^\\*\\*\\* .*/etc/my_init\\.d/20_plain", "stderr with a warning");
  }

  @Test
  @Proves("BOOT-7")
  @DisplayName("--help names every option and ends with 0")
  void help(Lab lab) {
    Output output = lab.box().init("--help").run();
    Verdict.equal(0, output.status(), "the status of --help (" + output.seen() + ")");
    for (String option : OPTIONS) {
      Verdict.contains(output.out() + output.err(), option, "the help");
    }
  }

  @Test
  @Proves("BOOT-7")
  @DisplayName("options end at the first word that is not one")
  void optionsEnd(Lab lab) {
    Output output =
        lab.box().init("--quiet", "--skip-runit", "echo", "--quiet", "--", "--help", "-x").run();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal("--quiet -- --help -x\n", output.out(), "stdout of echo");
    Output listed = lab.box().init("ls", "-l", "/etc/my_init.d/..").run();
    Verdict.equal(0, listed.status(), "the status of ls -l (" + listed.seen() + ")");
    Verdict.contains(listed.out(), "my_init.d", "stdout of ls -l");
  }

  @Test
  @Proves("BOOT-7")
  @DisplayName("an unknown option, and --skip-runit without a main command, are clear errors")
  void usageErrors(Lab lab) {
    Output unknown = lab.box().init("--no-such-option", "--", "true").run();
    Verdict.holds(unknown.status() != 0, "an unknown option is accepted: " + unknown.seen());
    Verdict.contains(unknown.err(), "--no-such-option", "stderr");
    Output idle = lab.box().init("--skip-runit").run();
    Verdict.holds(idle.status() != 0, "--skip-runit needs no command: " + idle.seen());
    Verdict.contains(idle.err(), "--skip-runit", "stderr");
  }

  @Test
  @Proves({"BOOT-7", "SVC-4"})
  @DisplayName("--skip-startup-files and --skip-runit leave out their part and nothing else")
  void skipping(Lab lab) {
    Box noFiles = parts(lab, "--skip-startup-files", 200);
    Verdict.holds(!noFiles.exists("/script"), "--skip-startup-files ran a startup script");
    Verdict.holds(!noFiles.exists("/rc"), "--skip-startup-files ran /etc/rc.local");
    Verdict.holds(noFiles.exists("/service"), "--skip-startup-files started no service");
    Box noRunit = parts(lab, "--skip-runit", 15);
    Verdict.holds(noRunit.exists("/script"), "--skip-runit ran no startup script");
    Verdict.holds(noRunit.exists("/rc"), "--skip-runit did not run /etc/rc.local");
    Verdict.holds(!noRunit.exists("/service"), "--skip-runit started a service");
  }

  /** Without this option; the main command waits for the service so many tenths of a second. */
  private static Box parts(Lab lab, String option, int patience) {
    Box box =
        lab.box()
            .script("/etc/my_init.d/50_part", "echo ran >/script")
            .script("/etc/rc.local", "echo ran >/rc")
            .service("part", "echo ran >/service", "exec sleep 1000")
            .init(
                option,
                "--",
                "sh",
                "-c",
                "i=0; until [ -e /service ] || [ $i -ge "
                    + patience
                    + " ]; do sleep 0.1; i=$((i+1)); done;"
                    + " echo main >/main")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.holds(box.exists("/main"), option + " left out the main command");
    return box;
  }

  @Test
  @Proves("BOOT-7")
  @DisplayName("--no-kill-all-on-exit leaves out the killing, --enable-insecure-key is accepted")
  void otherOptions(Lab lab) {
    Output output =
        lab.box()
            .init("--no-kill-all-on-exit", "--skip-runit", "--skip-startup-files", "echo", "ran")
            .run();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal("ran\n", output.out(), "stdout with --no-kill-all-on-exit");
    Verdict.lacks(output.err(), "Killing all processes", "stderr");
    Output key =
        lab.box()
            .init("--enable-insecure-key", "--skip-runit", "--skip-startup-files", "--", "true")
            .run();
    Verdict.equal(0, key.status(), "with --enable-insecure-key (" + key.seen() + ")");
  }
}

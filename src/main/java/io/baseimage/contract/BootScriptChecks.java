package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BOOT: startup scripts that are not as they should be. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class BootScriptChecks {

  @Test
  @Proves("BOOT-3")
  @DisplayName("a startup script that exits non-zero ends the boot")
  void failingScriptEndsBoot(Lab lab) {
    endsBoot(lab, "exit 7", "\\b7\\b");
  }

  @Test
  @Proves("BOOT-3")
  @DisplayName("a startup script that dies of a signal ends the boot")
  void killedScriptEndsBoot(Lab lab) {
    endsBoot(lab, "kill -KILL $$", "(?i)signal.*\\b9\\b|SIGKILL|\\bKILL\\b|killed");
  }

  private static void endsBoot(Lab lab, String failing, String how) {
    Box box =
        lab.box()
            .script("/etc/my_init.d/50_bad-script", failing)
            .script("/etc/my_init.d/60_next", "echo next >/next")
            .service("never", "echo started >/service", "exec sleep 1000")
            .init()
            .start();
    Output output = box.ended();
    Verdict.equal(1, output.status(), "the container's status (" + output.seen() + ")");
    List<String> named =
        output.errLines().stream()
            .filter(
                line -> line.startsWith("*** ") && line.contains("/etc/my_init.d/50_bad-script"))
            .toList();
    Verdict.matches(String.join("\n", named), how, "the messages that name the script");
    Verdict.lacks(output.err(), "Booting runit", "stderr");
    Verdict.holds(!box.exists("/next"), "the script after the failed one has run");
    Verdict.holds(!box.exists("/service"), "a service was started after a failed boot");
  }

  @Test
  @Proves("BOOT-4")
  @DisplayName("a startup file that is not executable is skipped, with a warning that names it")
  void plainFileIsSkipped(Lab lab) {
    Box box =
        lab.box()
            .file("/etc/my_init.d/20_plain", "#!/bin/sh\necho ran >/plain\n")
            .script("/etc/my_init.d/30_next", "echo ran >/next")
            .init("--skip-runit", "--quiet", "--", "true")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.holds(!box.exists("/plain"), "a file that is not executable was run");
    Verdict.holds(box.exists("/next"), "the script after it was not run");
    Verdict.contains(output.err(), "/etc/my_init.d/20_plain", "the warnings");
  }

  @Test
  @Proves("BOOT-5")
  @DisplayName("a script without a shebang line is run by /bin/sh, with a warning")
  void noShebang(Lab lab) {
    Box box =
        lab.box()
            .program("/etc/my_init.d/20_no-shebang", "tr '\\0' '\\n' </proc/$$/cmdline >/ran\n")
            .init("--skip-runit", "--quiet", "--", "true")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    // Not all of it: an emulator's words come first.
    Verdict.holds(
        box.lines("/ran").contains("/bin/sh"),
        () -> "the script was not run by /bin/sh but as " + box.lines("/ran"));
    Verdict.contains(output.err(), "/etc/my_init.d/20_no-shebang", "the warnings");
  }

  @Test
  @Proves("BOOT-5")
  @DisplayName("an interpreter that does not exist is named as the reason")
  void missingInterpreter(Lab lab) {
    String message = failure(lab, "#!/no/such/interpreter\ntrue\n");
    Verdict.contains(message, "/no/such/interpreter", "the message");
  }

  @Test
  @Proves("BOOT-5")
  @DisplayName("CRLF line ends are named as the reason")
  void crlf(Lab lab) {
    String message = failure(lab, "#!/bin/sh\r\ntrue\r\n");
    Verdict.matches(message, "(?i)crlf|carriage.return|line.end|\\\\r", "the message");
  }

  private static String failure(Lab lab, String content) {
    Output output =
        lab.box()
            .program("/etc/my_init.d/20_bad-script", content)
            .init("--skip-runit", "--quiet", "--", "true")
            .run();
    Verdict.equal(1, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.contains(output.err(), "/etc/my_init.d/20_bad-script", "stderr");
    return output.err();
  }
}

package io.baseimage.contract;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PID1-2: exit statuses. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class ExitStatusChecks {

  @Test
  @Proves("PID1-2")
  @DisplayName("every exit code from 0 to 255 comes through")
  void everyCode(Lab lab) {
    Output output =
        lab.box()
            .command(
                "sh",
                "-c",
                "n=0; while [ $n -le 255 ]; do /sbin/my_init --skip-startup-files --skip-runit"
                    + " --quiet -- sh -c \"exit $n\"; s=$?;"
                    + " [ $s -eq $n ] || echo \"exit $n became $s\"; n=$((n+1)); done; echo all")
            .run();
    Verdict.equal("all\n", output.out(), "what became of the codes");
  }

  @Test
  @Proves("PID1-2")
  @DisplayName("the main command's exit code is the container's")
  void codeOfContainer(Lab lab) {
    for (int code : List.of(0, 1, 2, 7, 255)) {
      Output output = bare(lab, "sh", "-c", "exit " + code);
      Verdict.equal(code, output.status(), "exit " + code + " as process 1");
    }
    Output full = lab.box().init("--", "sh", "-c", "exit 42").run();
    Verdict.equal(42, full.status(), "exit 42 with services (" + full.seen() + ")");
    Verdict.matches(full.err(), "(?m)^\\*\\*\\* sh .*exited with status 42\\.$", "stderr");
  }

  @Test
  @Proves("PID1-2")
  @DisplayName("death by signal N is 128+N")
  void deathBySignal(Lab lab) {
    for (int signal : List.of(9, 15, 11)) {
      Output output = bare(lab, "sh", "-c", "kill -" + signal + " $$");
      Verdict.equal(128 + signal, output.status(), "death by signal " + signal);
    }
  }

  @Test
  @Proves("PID1-2")
  @DisplayName("a command that is not found is 127, one that is not executable 126, and it is said")
  void notRunnable(Lab lab) {
    Output missing = bare(lab, "no-such-command-here");
    Verdict.equal(127, missing.status(), "a missing command (" + missing.seen() + ")");
    Verdict.contains(missing.err(), "no-such-command-here", "the message");
    Output plain = bare(lab, "/etc/passwd");
    Verdict.equal(126, plain.status(), "a file that is no program (" + plain.seen() + ")");
    Verdict.contains(plain.err(), "/etc/passwd", "the message");
  }

  private static Output bare(Lab lab, String... command) {
    String[] arguments = new String[command.length + 4];
    List<String> options = List.of("--skip-startup-files", "--skip-runit", "--quiet", "--");
    for (int i = 0; i < 4; i++) {
      arguments[i] = options.get(i);
    }
    System.arraycopy(command, 0, arguments, 4, command.length);
    return lab.box().init(arguments).run();
  }
}

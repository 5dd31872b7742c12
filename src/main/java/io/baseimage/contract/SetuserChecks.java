package io.baseimage.contract;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** USER: setuser. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.SETUSER})
final class SetuserChecks {
  private static final String USER = "visitor";

  /** A container with a user of its own, who is in two more groups. */
  private static Box box(Lab lab) {
    return lab.shared(
        "setuser",
        commons -> {
          Box box =
              commons.box().command("sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait").start();
          Output made =
              box.sh(
                  "echo 'visitor:x:4321:4322::/home/visitor:/bin/sh' >>/etc/passwd;"
                      + " echo 'visitor:x:4322:' >>/etc/group;"
                      + " echo 'second:x:4323:visitor' >>/etc/group;"
                      + " echo 'third:x:4324:root,visitor' >>/etc/group; mkdir /home/visitor");
          Verdict.equal(0, made.status(), "making a user (" + made.seen() + ")");
          return box;
        });
  }

  @Test
  @Proves("USER-1")
  @DisplayName("the command has the user's ids, groups and variables, by name and by number")
  void identity(Lab lab) {
    for (String who : List.of(USER, "4321")) {
      Output ids =
          box(lab)
              .exec(
                  "/sbin/setuser", who, "sh", "-c", "id -u; id -g; id -G | tr ' ' '\\n' | sort -n");
      Verdict.equal(
          List.of("4321", "4322", "4322", "4323", "4324"),
          ids.outLines(),
          "uid, gid and groups by '" + who + "' (" + ids.seen() + ")");
      Map<String, String> seen =
          EnvChecks.variables(
              box(lab).exec("env", "KEPT=yes", "/sbin/setuser", who, "env", "-0").outBytes());
      Verdict.equal(USER, seen.get("USER"), "USER by '" + who + "'");
      Verdict.equal("/home/visitor", seen.get("HOME"), "HOME by '" + who + "'");
      Verdict.equal("4321", seen.get("UID"), "UID by '" + who + "'");
      Verdict.equal("yes", seen.get("KEPT"), "a variable of the caller by '" + who + "'");
    }
  }

  @Test
  @Proves("USER-1")
  @DisplayName("setuser becomes the command: no process stays behind, arguments and status pass")
  void execs(Lab lab) {
    Output output =
        box(lab).exec("sh", "-c", "echo $$; exec /sbin/setuser visitor sh -c 'echo $$'");
    Verdict.equal(2, output.outLines().size(), "lines of " + output.seen());
    Verdict.equal(
        output.outLines().get(0), output.outLines().get(1), "the process id of the command");
    Output arguments =
        box(lab)
            .exec(
                "/sbin/setuser",
                USER,
                "sh",
                "-c",
                "printf '[%s]' \"$@\"; exit 9",
                "x",
                "a b",
                "",
                "--help");
    Verdict.equal("[a b][][--help]", arguments.out(), "the arguments");
    Verdict.equal(9, arguments.status(), "the status");
  }

  @Test
  @Proves("USER-2")
  @DisplayName("an unknown user is 1, a missing command 127, one that cannot run 126, in one line")
  void failures(Lab lab) {
    fails(lab, 1, "no-such-user", "/sbin/setuser", "no-such-user", "touch", "/by-root");
    fails(lab, 127, "no-such-command", "/sbin/setuser", USER, "no-such-command");
    fails(lab, 126, "/etc/passwd", "/sbin/setuser", USER, "/etc/passwd");
    fails(lab, 1, "setuser", "/sbin/setuser", USER);
    Verdict.holds(!box(lab).exists("/by-root"), "the command of an unknown user was run");
  }

  private static void fails(Lab lab, int status, String named, String... command) {
    Output output = box(lab).exec(command);
    Verdict.equal(status, output.status(), String.join(" ", command) + " (" + output.seen() + ")");
    Verdict.equal(1, output.errLines().size(), "the number of lines on stderr: " + output.seen());
    Verdict.contains(output.err(), named, "stderr");
    Verdict.equal("", output.out(), "stdout");
  }
}

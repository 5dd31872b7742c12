package io.baseimage.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ENV: who may read the dumps, and what must not stop the boot. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class EnvSafetyChecks {
  private static final String DIRECTORY = "/etc/container_environment";
  private static final String SH = DIRECTORY + ".sh";
  private static final String JSON = DIRECTORY + ".json";
  private static final int KERNEL_LIMIT = 131_072;

  @Test
  @Proves("ENV-5")
  @DisplayName("the dumps are for root, and for members of docker_env")
  void permissions(Lab lab) {
    Output output =
        lab.resident()
            .sh(
                "for f in "
                    + DIRECTORY
                    + " "
                    + SH
                    + " "
                    + JSON
                    + "; do stat -c '%a %U:%G' $f; done");
    Verdict.equal(
        List.of("700 root:root", "640 root:docker_env", "640 root:docker_env"),
        output.outLines(),
        "modes and owners of the directory, the .sh and the .json");
    Verdict.matches(
        lab.resident().sh("grep ^docker_env: /etc/group").out(),
        "^docker_env:[^:]*:8377:",
        "the group docker_env");
  }

  @Test
  @Proves("ENV-5")
  @DisplayName("login shells have the environment, if they may read it")
  void loginShells(Lab lab) {
    Box box =
        lab.box()
            .env("FROM_RUN", "visible value")
            .init("--quiet", "--skip-runit", "--", "sleep", "1000")
            .start();
    box.eventually(10, "grep -q FROM_RUN " + SH, SH + " is not written");
    String login = "env -i HOME=/root PATH=$PATH sh -l -c 'echo \"[$FROM_RUN]\"'";
    Verdict.equal("[visible value]", box.sh(login).text(), "in a login shell of root");
    String outsider = "setuser nobody " + login.replace("/root", "/");
    Output denied = box.sh(outsider);
    Verdict.equal("[]", denied.text(), "in a login shell of nobody");
    Verdict.equal("", denied.err(), "what that login shell complains of");
    box.sh("sed -i '/^docker_env:/s/$/nobody/' /etc/group");
    Verdict.equal(
        "[visible value]", box.sh(outsider).text(), "in a login shell of a docker_env member");
  }

  @Test
  @Proves("ENV-5")
  @DisplayName("modes that an image's author has set survive the boot")
  void authorsModes(Lab lab) {
    Box box =
        lab.box()
            .directory(DIRECTORY, 0755)
            .file(SH, 0644, "")
            .file(JSON, 0644, "{}")
            .script("/etc/my_init.d/10_dump-again", "true")
            .init("--quiet", "--skip-runit", "--", "stat", "-c", "%a", DIRECTORY, SH, JSON)
            .start();
    Verdict.equal(List.of("755", "644", "644"), box.ended().outLines(), "the modes after boot");
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("odd names, values and files in the environment do not stop the boot")
  void oddities(Lab lab) {
    String huge = "x".repeat(KERNEL_LIMIT + 1000);
    Box box =
        lab.box()
            .file(DIRECTORY + "/INVALID", new byte[] {'a', (byte) 0xff, (byte) 0xfe, 'b'})
            .file(DIRECTORY + "/with.dot", "dotted")
            .file(DIRECTORY + "/with space", "spaced")
            .file(DIRECTORY + "/1digit", "digit")
            .file(DIRECTORY + "/HUGE", huge)
            .file(DIRECTORY + "/..2024/NAME", "hidden")
            .symbolicLink(DIRECTORY + "/..data", "no-such-target")
            .symbolicLink(DIRECTORY + "/DANGLING", "..data/NAME")
            .file(DIRECTORY + "/subdirectory/NAME", "below")
            .env("../escaped", "1")
            .env("..", "1")
            .env("a/b", "1")
            .env("GOOD", "good")
            .script("/etc/my_init.d/10_script", "true")
            .init("--skip-runit", "--", "sh", "-c", "env -0")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Map<String, String> seen = EnvChecks.variables(output.outBytes());
    Verdict.equal("good", seen.get("GOOD"), "an ordinary variable");
    Verdict.holds(!seen.containsKey("HUGE"), "a value that is too long was given to a child");
    Verdict.holds(!box.exists("/etc/escaped"), "a variable was written outside the directory");
    Verdict.equal(
        huge.length(), EnvChecks.json(box).path("HUGE").asText().length(), "HUGE in the .json");
    Verdict.contains(String.join("\n", box.lines(SH)), huge.substring(0, 1000), "the .sh");
    Verdict.equal(
        "dotted", EnvChecks.json(box).path("with.dot").textValue(), "with.dot in the .json");
    Verdict.lacks(String.join("\n", box.lines(SH)), "with.dot", "the .sh");
    Verdict.lacks(String.join("\n", box.lines(SH)), "1digit", "the .sh");
    for (String name : List.of("with.dot", "HUGE")) {
      List<String> warnings =
          output.errLines().stream()
              .filter(line -> line.startsWith("*** ") && line.contains(name))
              .toList();
      Verdict.equal(1, warnings.size(), "the number of warnings that name " + name);
    }
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("names that are no identifiers, and invalid UTF-8, reach the children")
  void childrenKeepThem(Lab lab) {
    byte[] invalid = {'a', (byte) 0xff, 'b'};
    // By way of a file: the engine's log is text and would change the bytes.
    Box box =
        lab.box()
            .file(DIRECTORY + "/INVALID", invalid)
            .file(DIRECTORY + "/with.dot", "dotted")
            .init("--quiet", "--skip-runit", "--", "sh", "-c", "cat /proc/$$/environ >/seen")
            .start();
    box.ended();
    String seen = new String(box.read("/seen").orElse(new byte[0]), StandardCharsets.ISO_8859_1);
    Verdict.contains(seen, "with.dot=dotted\0", "the main command's environment");
    Verdict.contains(
        seen,
        "INVALID=" + new String(invalid, StandardCharsets.ISO_8859_1) + "\0",
        "the main command's environment");
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("without its directory the boot goes on")
  void noDirectory(Lab lab) {
    Output output =
        lab.box()
            .command(
                "sh",
                "-c",
                "rm -rf /etc/container_environment; exec /sbin/my_init --skip-runit -- echo booted")
            .run();
    Verdict.equal("booted\n", output.out(), "stdout (" + output.seen() + ")");
  }
}

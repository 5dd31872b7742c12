package io.baseimage.contract;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ENV-6: environments that are too many, too large, of any bytes, or find no room on the disk. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class BadEnvironmentChecks {
  private static final String DIRECTORY = "/etc/container_environment/";
  private static final int EACH_WAY = 5000;
  private static final int LARGE = 100_000;
  private static final int RANDOM = 300;

  /** Characters that some shell, file system, JSON or parser takes for something else. */
  private static final String ALPHABET =
      "abzAZ_09_____.-+:,;!?@#%^&*~ '\"`$\\(){}[]<>|=\t\n\r\u0001\u001b\u007f\u0080é世🚀";

  @Test
  @Proves("ENV-6")
  @DisplayName("10,000 variables reach the children and the dumps")
  void many(Lab lab) {
    Recipe recipe = lab.box().script("/etc/my_init.d/10_dump-again", "true");
    for (int i = 0; i < EACH_WAY; i++) {
      recipe.env("MANY_R" + i, "value " + i).file(DIRECTORY + "MANY_F" + i, "value " + i);
    }
    Box box =
        recipe.init("--quiet", "--skip-runit", "--", "sh", "-c", "env | grep -c ^MANY_").start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal(String.valueOf(2 * EACH_WAY), output.text(), "variables that a child has");
    long dumped =
        EnvChecks.json(box).properties().stream()
            .filter(field -> field.getKey().startsWith("MANY_"))
            .count();
    Verdict.equal(2L * EACH_WAY, dumped, "variables in the .json");
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("an environment of 1 MB reaches the children and the dumps")
  void large(Lab lab) {
    Recipe recipe = lab.box().script("/etc/my_init.d/10_dump-again", "true");
    for (int i = 0; i < 10; i++) {
      recipe.env("LARGE_" + i, String.valueOf(i).repeat(LARGE));
    }
    Box box =
        recipe
            .init("--quiet", "--skip-runit", "--", "sh", "-c", "env | grep ^LARGE_ | wc -c")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    int each = "LARGE_0=".length() + LARGE + 1;
    Verdict.equal(String.valueOf(10 * each), output.text(), "bytes that a child has");
    Verdict.equal(
        "9".repeat(LARGE), EnvChecks.json(box).path("LARGE_9").asText(), "LARGE_9 in the .json");
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("an environment that is too large for the kernel as a whole does not stop the boot")
  void tooLarge(Lab lab) {
    Recipe recipe = lab.box().env("GIVEN", "given");
    for (int i = 0; i < 40; i++) {
      recipe.file(DIRECTORY + "LARGE_" + i, "x".repeat(LARGE));
    }
    Output output =
        recipe
            .script("/etc/my_init.d/10_script", "echo $GIVEN >/script")
            .init("--skip-runit", "--", "sh", "-c", "cat /script; echo $GIVEN")
            .run();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal("given\ngiven\n", output.out(), "what a script and the command have");
    Verdict.matches(output.err(), "(?m)^\\*\\*\\* .*LARGE_", "the warnings");
  }

  @Test
  @Proves({"ENV-6", "ENV-2"})
  @DisplayName("random names and values reach the children and come back from the .sh")
  void random(Lab lab) {
    Map<String, byte[]> variables = randomVariables(new Random(20_240_615));
    Recipe recipe = lab.box();
    variables.forEach((name, value) -> recipe.file(DIRECTORY + name, withNewline(value)));
    Box box =
        recipe
            .init(
                "--quiet",
                "--skip-runit",
                "--",
                "sh",
                "-c",
                "cat /proc/$$/environ >/seen; env -i PATH=\"$PATH\" sh -c"
                    + " '. /etc/container_environment.sh && env -0' >/sourced")
            .start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Map<String, String> seen = bytes(box, "/seen");
    Map<String, String> sourced = bytes(box, "/sourced");
    variables.forEach(
        (name, value) -> {
          String shown =
              new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
          String wanted = new String(value, StandardCharsets.ISO_8859_1);
          if (!name.contains("=")) {
            Verdict.equal(wanted, seen.get(shown), "in a child, " + Verdict.quoted(name));
          }
          if (name.matches("[A-Za-z_][A-Za-z_0-9]{3,}")) {
            Verdict.equal(wanted, sourced.get(shown), "from the .sh, " + name);
          }
        });
  }

  /** Every other name is one for a shell; the rest may be anything that a file can be called. */
  private static Map<String, byte[]> randomVariables(Random random) {
    Map<String, byte[]> variables = new LinkedHashMap<>();
    int[] letters = ALPHABET.codePoints().toArray();
    for (int i = 0; i < RANDOM; i++) {
      StringBuilder name = new StringBuilder("R" + i + "_");
      for (int length = random.nextInt(12); length > 0; length--) {
        name.appendCodePoint(letters[random.nextInt(i % 2 == 0 ? 12 : letters.length)]);
      }
      byte[] value = new byte[random.nextInt(80)];
      for (int at = 0; at < value.length; at++) {
        value[at] = (byte) (1 + random.nextInt(255));
      }
      variables.put(name.toString(), value);
    }
    return variables;
  }

  private static byte[] withNewline(byte[] value) {
    byte[] content = java.util.Arrays.copyOf(value, value.length + 1);
    content[value.length] = '\n';
    return content;
  }

  /** Variables, each byte as one character. */
  private static Map<String, String> bytes(Box box, String path) {
    String text = new String(box.read(path).orElse(new byte[0]), StandardCharsets.ISO_8859_1);
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : text.split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }

  @Test
  @Proves("ENV-6")
  @DisplayName("a full disk costs the dumps, with a warning, and not the boot")
  void fullDisk(Lab lab) {
    String value = "x".repeat(LARGE / 2);
    Output everything =
        lab.box()
            .env("BIG", value)
            .readOnly("/tmp", "/var/log")
            .temporary("/run", "size=16k")
            .init("--skip-runit", "--", "sh", "-c", "printf %s \"$BIG\" | wc -c")
            .run();
    surviving(everything, value.length());
    Output directory =
        lab.box()
            .env("BIG", value)
            .temporary("/etc/container_environment", "size=16k")
            .init("--skip-runit", "--", "sh", "-c", "printf %s \"$BIG\" | wc -c")
            .run();
    surviving(directory, value.length());
  }

  private static void surviving(Output output, int length) {
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal(String.valueOf(length), output.text(), "the length of what a child has");
    Verdict.matches(
        output.err(), "(?m)^\\*\\*\\* .*cannot be written: No space left", "the warnings");
  }
}

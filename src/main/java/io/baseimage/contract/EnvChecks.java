package io.baseimage.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ENV: import and dump. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class EnvChecks {
  private static final String DIRECTORY = "/etc/container_environment/";
  private static final String SH = "/etc/container_environment.sh";
  private static final String JSON = "/etc/container_environment.json";

  /** Values that quoting gets wrong first. */
  private static Map<String, String> nasty() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("N_SPACES", "  two  words  ");
    values.put("N_SINGLE", "it's 'quoted'");
    values.put("N_DOUBLE", "say \"hi\"");
    values.put("N_DOLLAR", "$HOME ${PATH} $(id) $$");
    values.put("N_BACKTICK", "`id`");
    values.put("N_BACKSLASH", "\\ \\n \\\\ end\\");
    values.put("N_NEWLINE", "one\ntwo\n\nthree");
    values.put("N_LAST_NEWLINE", "ends with one\n");
    values.put("N_TAB", "a\tb");
    values.put("N_CR", "a\rb\r\nc\r");
    values.put("N_UTF8", "Grüße 世界 🚀");
    values.put("N_EMPTY", "");
    values.put("N_GLOB", "* ? [a-z] ~ {a,b} ! # ; & | < >");
    values.put("N_CONTROL", "\u0001\u001b[31m\u007f");
    values.put("N_EQUALS", "a=b=c");
    values.put("N_EXPORT", "x'\nexport INJECTED='1");
    return values;
  }

  @Test
  @Proves("ENV-1")
  @DisplayName("each file is a variable; docker run -e and ENV win over files")
  void files(Lab lab) {
    Output output =
        lab.box()
            .env("FROM_RUN", "run")
            .file(DIRECTORY + "FROM_RUN", "file")
            .file(DIRECTORY + "PATH", "/nowhere")
            .file(DIRECTORY + "PLAIN", "plain")
            .file(DIRECTORY + "ONE_NEWLINE", "one\n")
            .file(DIRECTORY + "TWO_NEWLINES", "two\n\n")
            .file(DIRECTORY + "WITH_CR", "cr\r\n")
            .init("--quiet", "--skip-runit", "--", "env", "-0")
            .run();
    Map<String, String> seen = variables(output.outBytes());
    Verdict.equal("run", seen.get("FROM_RUN"), "a variable of docker run -e and of a file");
    Verdict.equal(
        lab.facts().environment().get("PATH"), seen.get("PATH"), "a variable of ENV and of a file");
    Verdict.equal("plain", seen.get("PLAIN"), "a file without a newline");
    Verdict.equal("one", seen.get("ONE_NEWLINE"), "a file with a newline");
    Verdict.equal("two\n", seen.get("TWO_NEWLINES"), "a file with two newlines");
    Verdict.equal("cr\r", seen.get("WITH_CR"), "a file with a CR and a newline");
  }

  @Test
  @Proves("ENV-2")
  @DisplayName("the directory, the .sh and the .json give every value back, byte for byte")
  void roundTrip(Lab lab) {
    Recipe recipe = lab.box();
    nasty().forEach((name, value) -> recipe.file(DIRECTORY + name, value + "\n"));
    nasty().forEach((name, value) -> recipe.env("RUN_" + name, value));
    Box box = recipe.init("--quiet", "--skip-runit", "--", "sleep", "1000").start();
    box.eventually(10, "grep -q RUN_N_EXPORT " + SH, SH + " is not written");
    Map<String, String> wanted = new LinkedHashMap<>();
    nasty().forEach(wanted::put);
    nasty().forEach((name, value) -> wanted.put("RUN_" + name, value));
    List<String> shells = new ArrayList<>(List.of("sh"));
    if (lab.facts().has(Feature.BASH)) {
      shells.add("bash");
    }
    for (String shell : shells) {
      Output sourced = box.exec("env", "-i", shell, "-c", ". " + SH + " && env -0");
      Verdict.equal(0, sourced.status(), shell + " on the .sh (" + sourced.seen() + ")");
      Map<String, String> seen = variables(sourced.outBytes());
      wanted.forEach((name, value) -> Verdict.equal(value, seen.get(name), name + " in " + shell));
      Verdict.holds(!seen.containsKey("INJECTED"), "a value was run as code by " + shell);
    }
    JsonNode json = json(box);
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      JsonNode value = json.path(entry.getKey());
      Verdict.equal(entry.getValue(), value.textValue(), entry.getKey() + " in the .json");
      String file = DIRECTORY + entry.getKey();
      String content =
          box.read(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("no file");
      // One newline at the end of a file is not the value's: with and without it is the same.
      Verdict.holds(
          content.equals(entry.getValue() + "\n")
              || (content.equals(entry.getValue()) && !content.endsWith("\n")),
          () -> file + " holds " + Verdict.quoted(content));
    }
    for (String line : box.lines(SH)) {
      Verdict.holds(!line.startsWith("declare"), "not POSIX in the .sh: " + line);
    }
  }

  @Test
  @Proves("ENV-3")
  @DisplayName("HOME USER GROUP UID GID SHELL are in the .json and in children, nowhere else")
  void ownVariables(Lab lab) {
    List<String> own = List.of("HOME", "USER", "GROUP", "UID", "GID", "SHELL");
    Recipe recipe =
        lab.box()
            .script("/etc/my_init.d/10_first", "env -0 >/seen-by-first")
            .script("/etc/my_init.d/20_second", "env -0 >/seen-by-second");
    own.forEach(name -> recipe.env(name, "given-" + name));
    Box box =
        recipe.init("--quiet", "--skip-runit", "--", "sh", "-c", "env -0 >/seen-by-main").start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    JsonNode json = json(box);
    for (String name : own) {
      Verdict.holds(!box.exists(DIRECTORY + name), name + " is in the directory");
      Verdict.holds(
          box.lines(SH).stream().noneMatch(line -> line.startsWith("export " + name + "=")),
          name + " is in the .sh");
      Verdict.equal("given-" + name, json.path(name).textValue(), name + " in the .json");
      for (String child : List.of("first", "second", "main")) {
        Map<String, String> seen = variables(box.read("/seen-by-" + child).orElse(new byte[0]));
        Verdict.equal("given-" + name, seen.get(name), name + " in the child '" + child + "'");
      }
    }
  }

  @Test
  @Proves("ENV-4")
  @DisplayName(
      "a startup script adds and removes variables by files; editing the dumps does nothing")
  void scriptsChangeIt(Lab lab) {
    Box box =
        lab.box()
            .env("TO_GO", "1")
            .env("TO_CHANGE", "old")
            .script(
                "/etc/my_init.d/10_change",
                "printf new >/etc/container_environment/ADDED",
                "printf new >/etc/container_environment/TO_CHANGE",
                "rm /etc/container_environment/TO_GO",
                "echo 'export EVIL=1' >>/etc/container_environment.sh",
                "echo '{\"EVIL\":\"1\"}' >/etc/container_environment.json")
            .script("/etc/my_init.d/20_look", "env -0 >/seen", "cat " + SH + " >/sh-then")
            .init("--quiet", "--skip-runit", "--", "env", "-0")
            .start();
    Output output = box.ended();
    Map<String, String> then = variables(box.read("/seen").orElse(new byte[0]));
    Map<String, String> last = variables(output.outBytes());
    for (Map<String, String> seen : List.of(then, last)) {
      Verdict.equal("new", seen.get("ADDED"), "a variable that a script has added");
      Verdict.equal("new", seen.get("TO_CHANGE"), "a variable that a script has changed");
      Verdict.holds(!seen.containsKey("TO_GO"), "a variable that a script has removed is there");
      Verdict.holds(!seen.containsKey("EVIL"), "editing a dump has changed the environment");
    }
    String sh = String.join("\n", box.lines("/sh-then"));
    Verdict.contains(sh, "ADDED", "the .sh after the script");
    Verdict.lacks(sh, "TO_GO", "the .sh after the script");
    Verdict.lacks(sh, "EVIL", "the .sh after the script");
    Verdict.equal("new", json(box).path("ADDED").textValue(), "ADDED in the .json");
  }

  static JsonNode json(Box box) {
    byte[] bytes = box.read(JSON).orElse(new byte[0]);
    try {
      JsonNode json =
          JsonMapper.builder().build().readTree(new String(bytes, StandardCharsets.UTF_8));
      Verdict.holds(json.isObject(), JSON + " is no JSON object");
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError(JSON + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The output of {@code env -0}. */
  static Map<String, String> variables(byte[] output) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String entry : new String(output, StandardCharsets.UTF_8).split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }
}

package io.baseimage.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What every workflow and action here has to be like, and what one is not. */
final class WorkflowRules {
  private static final Pattern USES = Pattern.compile("^\\s*(?:-\\s+)?uses:\\s*(.*?)\\s*$");
  private static final Pattern PINNED =
      Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");

  /** A script of this repository, after nothing but what runs it as root. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:sudo (?:--preserve-env=[\\w,]+ )?)?(?:make (?<target>[\\w-]+)|(?<file>[\\w./-]+)"
              + "|\"\\$GITHUB_ACTION_PATH/(?<action>[\\w.-]+)\")(?<rest>(?: .*)?)");

  /** Operators, and substitutions of commands. */
  private static final Pattern MORE = Pattern.compile("[;&|<>`\\n]|\\$\\(");

  private static final Pattern REFERENCE =
      Pattern.compile("\\b(needs|steps)\\.([\\w-]+)\\.(?:outputs\\.([\\w-]+))?");

  /** What a job may need besides reading the contents. */
  private static final Map<String, Set<String>> WIDER =
      Map.of(
          "rebuild.yml rebuild", Set.of("packages: write"),
          "rebuild.yml report", Set.of("actions: read", "issues: write"),
          "release.yml release", Set.of("packages: write"));

  private final Path path;
  private final String text;
  private final WorkflowFile file;
  private final List<String> complaints = new ArrayList<>();

  private WorkflowRules(Path path, String text) {
    this.path = path;
    this.text = text;
    this.file = new WorkflowFile(path, text);
  }

  /** What is wrong with a file of that path and text. */
  static List<String> complaints(Path path, String text) {
    WorkflowRules rules = new WorkflowRules(path, text);
    rules.pins();
    rules.scripts();
    if (rules.file.jobs().isEmpty()) {
      rules.outputs();
    } else {
      rules.permissions();
      rules.references();
    }
    return List.copyOf(rules.complaints);
  }

  private void pins() {
    text.lines()
        .map(USES::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .filter(each -> !PINNED.matcher(each).matches() && !each.startsWith("./"))
        .forEach(each -> complaints.add("not pinned by a commit with its version: " + each));
  }

  private void scripts() {
    for (WorkflowFile.Script each : file.scripts()) {
      String run = each.run();
      if (run.contains("${{")) {
        complaints.add("an expression inside a script: " + run);
      }
      Matcher command = COMMAND.matcher(run);
      if (!command.matches() || MORE.matcher(run).find() || !isOurs(command)) {
        complaints.add("not one command of this project: " + run);
      }
    }
  }

  private boolean isOurs(Matcher command) {
    if (command.group("target") != null) {
      return WorkflowFile.read(Path.of("Makefile"))
          .lines()
          .anyMatch(line -> line.startsWith(command.group("target") + ":"));
    }
    Path script =
        command.group("file") == null
            ? path.resolveSibling(command.group("action"))
            : Path.of(command.group("file"));
    return !script.isAbsolute() && Files.isRegularFile(script) && Files.isExecutable(script);
  }

  private void permissions() {
    if (!fields(file.whole().path("permissions")).equals(Set.of("contents: read"))) {
      complaints.add("permissions at the top: expected contents: read alone");
    }
    file.jobs()
        .forEach(
            (name, job) -> {
              Set<String> wanted = fields(job.path("permissions"));
              Set<String> allowed = WIDER.getOrDefault(path.getFileName() + " " + name, Set.of());
              wanted.stream()
                  .filter(each -> !each.equals("contents: read") && !allowed.contains(each))
                  .forEach(each -> complaints.add("job " + name + " needs no " + each));
              if (job.path("timeout-minutes").asInt() == 0) {
                complaints.add("job " + name + " may run for hours: timeout-minutes");
              }
              for (JsonNode step : job.path("steps")) {
                if (step.path("uses").asText().startsWith("actions/checkout@")
                    && step.path("with").path("persist-credentials").asBoolean(true)) {
                  complaints.add("job " + name + " leaves a token in the checkout");
                }
              }
            });
  }

  private static Set<String> fields(JsonNode permissions) {
    return permissions.isTextual()
        ? Set.of(permissions.asText())
        : permissions.properties().stream()
            .map(each -> each.getKey() + ": " + each.getValue().asText())
            .collect(Collectors.toSet());
  }

  /** Jobs and steps that expressions name are there, and have what is asked of them. */
  private void references() {
    Map<String, JsonNode> jobs = file.jobs();
    jobs.forEach(
        (name, job) -> {
          List<String> needs = new ArrayList<>();
          JsonNode needed = job.path("needs");
          (needed.isTextual() ? List.of(needed) : needed).forEach(each -> needs.add(each.asText()));
          needs.stream()
              .filter(each -> !jobs.containsKey(each))
              .forEach(
                  each -> complaints.add("job " + name + " needs " + each + ", which is none"));
          Set<String> ids = ids(job.path("steps"));
          for (Matcher found = REFERENCE.matcher(job.toString()); found.find(); ) {
            boolean isThere =
                found.group(1).equals("steps")
                    ? ids.contains(found.group(2))
                    : needs.contains(found.group(2))
                        && file.whole()
                            .path("jobs")
                            .path(found.group(2))
                            .path("outputs")
                            .has(found.group(3));
            if (!isThere) {
              complaints.add("job " + name + ": there is no " + found.group());
            }
          }
        });
  }

  /** Of an action: what its inputs and outputs name. */
  private void outputs() {
    Set<String> ids = ids(file.whole().path("runs").path("steps"));
    Set<String> inputs = new HashSet<>();
    file.whole().path("inputs").fieldNames().forEachRemaining(inputs::add);
    for (Matcher found = REFERENCE.matcher(text); found.find(); ) {
      if (!ids.contains(found.group(2))) {
        complaints.add("there is no " + found.group());
      }
    }
    Set<String> used = new HashSet<>();
    for (Matcher found = Pattern.compile("\\binputs\\.([\\w-]+)").matcher(text); found.find(); ) {
      used.add(found.group(1));
    }
    if (!used.equals(inputs)) {
      complaints.add("inputs are " + inputs + ", and used are " + used);
    }
  }

  private static Set<String> ids(JsonNode steps) {
    Set<String> ids = new HashSet<>();
    steps.forEach(each -> ids.add(each.path("id").asText()));
    return ids;
  }
}

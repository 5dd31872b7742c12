package io.baseimage.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A workflow of GitHub's, or an action of several steps, as its file has it. */
final class WorkflowFile {
  static final Path FOLDER = Path.of(".github");
  static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*(.*?)\\s*}}", Pattern.DOTALL);

  private static final YAMLMapper YAML = new YAMLMapper();

  private final Path path;
  private final JsonNode whole;

  /**
   * A step with a script.
   *
   * @param job the job that it is of; empty in an action
   * @param run its script
   * @param environment the variables of the workflow, the job and the step, with expressions
   */
  record Script(String job, String id, String run, Map<String, String> environment) {
    /** The variables with the expressions' values; an expression without one is an error. */
    Map<String, String> environment(Map<String, String> values) {
      Map<String, String> known = new TreeMap<>();
      environment.forEach((name, value) -> known.put(name, substitute(name, value, values)));
      return known;
    }

    private static String substitute(String name, String text, Map<String, String> values) {
      Matcher matcher = EXPRESSION.matcher(text);
      StringBuilder known = new StringBuilder();
      while (matcher.find()) {
        String value = values.get(matcher.group(1));
        if (value == null) {
          throw new AssertionError("no value for the expression of " + name + ": " + text);
        }
        matcher.appendReplacement(known, Matcher.quoteReplacement(value));
      }
      return matcher.appendTail(known).toString();
    }
  }

  WorkflowFile(Path path) {
    this(path, read(path));
  }

  WorkflowFile(Path path, String text) {
    this.path = path;
    try {
      this.whole = YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " is no YAML", e);
    }
  }

  static WorkflowFile workflow(String name) {
    return new WorkflowFile(FOLDER.resolve("workflows").resolve(name));
  }

  static List<WorkflowFile> workflows() {
    return files("workflows/*.yml").map(WorkflowFile::new).toList();
  }

  static List<WorkflowFile> actions() {
    return files("actions/*/action.yml").map(WorkflowFile::new).toList();
  }

  static Stream<Path> files(String pattern) {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all
          .filter(
              each -> each.getFileSystem().getPathMatcher("glob:.github/" + pattern).matches(each))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode whole() {
    return whole;
  }

  /** The jobs, by their names. */
  Map<String, JsonNode> jobs() {
    Map<String, JsonNode> jobs = new TreeMap<>();
    whole.path("jobs").properties().forEach(each -> jobs.put(each.getKey(), each.getValue()));
    return jobs;
  }

  /** All steps with a script, in their order in the file. */
  List<Script> scripts() {
    List<Script> scripts = new ArrayList<>();
    whole
        .path("jobs")
        .properties()
        .forEach(
            job ->
                scripts(
                    scripts,
                    job.getKey(),
                    job.getValue().path("steps"),
                    whole.path("env"),
                    job.getValue().path("env")));
    scripts(scripts, "", whole.path("runs").path("steps"));
    return scripts;
  }

  /** The one script of a job. */
  Script script(String job) {
    List<Script> found = scripts().stream().filter(each -> each.job().equals(job)).toList();
    if (found.size() != 1) {
      throw new AssertionError(path + ": job " + job + " has not one script but " + found.size());
    }
    return found.get(0);
  }

  private static void scripts(List<Script> into, String job, JsonNode steps, JsonNode... outer) {
    for (JsonNode step : steps) {
      if (step.has("run")) {
        Map<String, String> environment = new TreeMap<>();
        Stream.concat(Arrays.stream(outer), Stream.of(step.path("env")))
            .flatMap(each -> each.properties().stream())
            .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
        into.add(
            new Script(
                job, step.path("id").asText(), step.path("run").asText().strip(), environment));
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

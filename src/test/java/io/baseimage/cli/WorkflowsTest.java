package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.report.VariantList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows and the action are such that one can copy them. */
final class WorkflowsTest {
  private static final Path REBUILD = WorkflowFile.FOLDER.resolve("workflows/rebuild.yml");

  static List<WorkflowFile> all() {
    return Stream.concat(WorkflowFile.workflows().stream(), WorkflowFile.actions().stream())
        .toList();
  }

  @Test
  void filesAreThoseThatTheProjectPromises() {
    assertThat(all().stream().map(WorkflowFile::toString))
        .contains(
            ".github/workflows/ci.yml",
            ".github/workflows/rebuild.yml",
            ".github/workflows/release.yml",
            ".github/actions/baseimage/action.yml");
  }

  @ParameterizedTest
  @MethodSource("all")
  void fileWhenItIsOursKeepsTheRules(WorkflowFile file) throws IOException {
    Path path = Path.of(file.toString());
    assertThat(WorkflowRules.complaints(path, Files.readString(path))).isEmpty();
    assertThat(file.scripts()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0 | @v5 | not pinned",
        "907a8 # v5.0.0 | 907a8 | not pinned",
        "contents: read | contents: write | permissions at the top",
        "issues: write | packages: write | job report needs no packages: write",
        "persist-credentials: false | persist-credentials: true | leaves a token",
        "\"$VARIANT\" --if | ${{ matrix.variant }} --if | an expression inside a script",
        "run: .github/scripts/report | run: .github/scripts/none | not one command",
        "run: .github/scripts/report | run: gh issue create | not one command",
        "run: .github/scripts/report | run: .github/scripts/report && date | not one command",
        "run: .github/scripts/report | run: make none | not one command",
        "needs: matrix | needs: list | job rebuild needs list, which is none",
        "outputs.matrix) }} | outputs.matrixes) }} | there is no needs.matrix.outputs.matrixes",
        "id: list | id: other | there is no steps.list.outputs.matrix",
        "timeout-minutes: 5 | timeout-minutes: 0 | may run for hours",
      })
  void complaintsWhenSomethingIsBrokenNameIt(String before, String after, String complaint)
      throws IOException {
    String text = Files.readString(REBUILD);
    assertThat(text).contains(before);
    assertThat(WorkflowRules.complaints(REBUILD, text.replace(before, after)))
        .anyMatch(each -> each.contains(complaint));
  }

  /** Of a group GitHub cancels what waits: no release may be in one with rebuilds. */
  @Test
  void concurrencyWhenSomethingIsPublishedIsOfOneRepository() {
    for (String name : List.of("rebuild", "release")) {
      WorkflowFile file = WorkflowFile.workflow(name + ".yml");
      JsonNode group = file.whole().path("concurrency");
      String repository = file.whole().path("env").path("NAME").asText();
      assertThat(group.path("group").asText()).startsWith(name + "-" + repository);
      assertThat(group.path("cancel-in-progress").asBoolean(true)).isFalse();
      file.jobs().values().forEach(job -> assertThat(job.has("concurrency")).isFalse());
    }
    assertThat(WorkflowFile.workflow("rebuild.yml").whole().path("concurrency").toString())
        .doesNotContain("github.sha", "inputs.");
    assertThat(WorkflowFile.workflow("release.yml").whole().path("concurrency").toString())
        .contains("${{ github.sha }}", "${{ inputs.variants }}");
  }

  /** What setup-java keeps is the runner's, and tests run as root. */
  @Test
  void mavenWhenItRunsAsRootUsesTheFolderThatIsKept() {
    int asRoot = 0;
    for (WorkflowFile file : WorkflowFile.workflows()) {
      for (WorkflowFile.Script script : file.scripts()) {
        if (script.run().startsWith("sudo ")) {
          asRoot++;
          assertThat(file.whole().path("jobs").path(script.job()).path("steps").toString())
              .contains("\"cache\":\"maven\"");
          assertThat(script.run()).containsPattern("--preserve-env=[\\w,]*\\bMAVEN_OPTS\\b");
          assertThat(script.environment())
              .containsEntry("MAVEN_OPTS", "-Dmaven.repo.local=/home/runner/.m2/repository");
        }
      }
    }
    assertThat(asRoot).isPositive();
  }

  /** GitHub fails a job whose matrix is empty. */
  @Test
  void matrixWhenThereIsNothingToDoIsNotTried() {
    String empty = VariantList.githubMatrix(List.of(), LocalDate.EPOCH).strip();
    for (String name : List.of("rebuild", "release")) {
      JsonNode job = WorkflowFile.workflow(name + ".yml").whole().path("jobs").path(name);
      assertThat(job.path("if").asText())
          .isEqualTo("needs.matrix.outputs.matrix != '" + empty + "'");
    }
  }

  @Test
  void matrixWhenOneVariantIsRedGoesOn() {
    for (String name : List.of("rebuild", "release")) {
      JsonNode job = WorkflowFile.workflow(name + ".yml").whole().path("jobs").path(name);
      assertThat(job.path("strategy").path("fail-fast").asBoolean(true)).isFalse();
    }
    JsonNode report = WorkflowFile.workflow("rebuild.yml").whole().path("jobs").path("report");
    assertThat(report.path("if").asText())
        .isEqualTo(
            "${{ !cancelled() && (contains(needs.*.result, 'failure')"
                + " || contains(needs.*.result, 'cancelled')) }}");
    // So that a step that hangs has failed before its job counts as cancelled.
    JsonNode rebuild = WorkflowFile.workflow("rebuild.yml").whole().path("jobs").path("rebuild");
    JsonNode step = rebuild.path("steps").path(rebuild.path("steps").size() - 1);
    assertThat(step.path("timeout-minutes").asInt())
        .isPositive()
        .isLessThan(rebuild.path("timeout-minutes").asInt());
    assertThat(report.path("needs").toString()).contains("matrix").contains("rebuild");
  }

  /** Secrets are where they are needed, and GitHub's token goes to GitHub's registry only. */
  @Test
  void secretsAreGivenToStepsOnly() {
    for (WorkflowFile file : WorkflowFile.workflows()) {
      assertThat(file.whole().path("env").toString()).doesNotContain("secrets.", "token");
      file.jobs()
          .values()
          .forEach(
              job -> assertThat(job.path("env").toString()).doesNotContain("secrets.", "token"));
      file.scripts().stream()
          .filter(each -> each.environment().containsKey("BASEIMAGE_REGISTRY_PASSWORD"))
          .forEach(
              each ->
                  assertThat(each.environment().get("BASEIMAGE_REGISTRY_PASSWORD"))
                      .isEqualTo(
                          "${{ secrets.BASEIMAGE_REGISTRY_PASSWORD || (!vars.BASEIMAGE_NAME &&"
                              + " github.token) || '' }}"));
    }
  }

  @Test
  void scriptsWhenLookedAtByShellcheckAreClean() throws Exception {
    List<String> command = new ArrayList<>(List.of("shellcheck", ".ci/run"));
    WorkflowFile.files("{scripts/*,actions/*/run}").forEach(each -> command.add(each.toString()));
    assertThat(command).hasSizeGreaterThan(4);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}

package io.baseimage.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.cli.WorkflowCheckout.Step;
import io.baseimage.registry.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of the workflows and of the action, as their files have them, in a checkout. */
@Tag("docker")
final class WorkflowsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration LONG = Duration.ofMinutes(4);
  private static final WorkflowFile ACTION = WorkflowFile.actions().get(0);

  @TempDir private static Path folder;
  private static WorkflowCheckout checkout;
  private static RegistryServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), true);
    checkout = new WorkflowCheckout(folder);
    Files.writeString(
        checkout.root().resolve("variants/red.yaml"),
        "extends: debian-13-lite\npackages: [no-such-package-anywhere]\n");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    Launched.forgetImagesOf(server.host());
  }

  /** The first version is not checked: the contract suite takes most of the time. */
  @Test
  void rebuildPublishesWhatHasChangedAndThenNothing() throws Exception {
    String name = server.host() + "/joe/baseimage";
    Path variant = checkout.root().resolve("variants/web.yaml");
    Files.writeString(variant, "extends: debian-13-lite\n");
    Launched built =
        Launched.run(
            checkout.root(), LONG, "-v", "./variants/web.yaml", "-n", name, "--push", "--no-test");
    assertThat(built.status()).as(built.err()).isZero();
    Files.writeString(variant, "environment: {CHANGED: here}\n", StandardOpenOption.APPEND);
    WorkflowFile workflow = WorkflowFile.workflow("rebuild.yml");
    assertThat(matrix(workflow, "")).contains("debian-13-lite", "web").hasSizeGreaterThan(9);
    assertThat(matrix(workflow, "web red")).containsExactly("red", "web");
    assertThat(matrix(workflow, "ubuntu-15.*")).isEmpty();

    Step red = rebuild(name, "red");
    assertThat(red.status()).as(red.said()).isEqualTo(3);
    assertThat(red.summary()).contains("| failed |", "no-such-package-anywhere");
    assertThat(tags()).noneMatch(tag -> tag.startsWith("red"));

    Step published = rebuild(name, "web");
    assertThat(published.status()).as(published.said()).isZero();
    assertThat(published.summary())
        .contains("# Rebuild", "| `web` |", "-000 → ", "published", "- the variant has changed")
        .contains("CHANGED");
    assertThat(tags()).anyMatch(tag -> tag.endsWith("-001"));

    Step again = rebuild(name, "web");
    assertThat(again.status()).as(again.said()).isZero();
    assertThat(again.said()).contains("fresh, not built");
    assertThat(again.summary()).contains("fresh, not built");
    assertThat(tags()).noneMatch(tag -> tag.endsWith("-002"));

    Map<String, String> inputs = inputs(name);
    inputs.putAll(Map.of("inputs.command", "check", "inputs.variants", "./variants/web.yaml"));
    Step check = checkout.run(ACTION.scripts().get(0), inputs);
    assertThat(check.status()).as(check.said()).isZero();
    assertThat(check.output("published")).isEqualTo("[]");
    assertThat(check.said()).contains("\"fresh\"");
    assertThat(check.summary()).contains("| `web` |", "fresh");
  }

  private static Step rebuild(String name, String variant) throws Exception {
    return checkout.run(
        WorkflowFile.workflow("rebuild.yml").script("rebuild"), values(name, variant));
  }

  /** The toolkit's part is played by a script that prints what it was called with. */
  @Test
  void actionCallsTheToolkitOfItsOwnCheckoutWithFilesOfTheCallers() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    Path run = Files.createDirectories(other.resolve(".github/actions/baseimage")).resolve("run");
    Files.copy(checkout.root().resolve(".github/actions/baseimage/run"), run, COPY_ATTRIBUTES);
    Files.writeString(
        other.resolve("baseimage-build"),
        """
        #!/bin/sh
        echo "$*" >&2
        echo '[{"new": {"name": "joe/web:1"}}, {"new": null}]'
        exit 3
        """);
    Files.setPosixFilePermissions(
        other.resolve("baseimage-build"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path stranger = folder.resolve("stranger");
    Path images = Files.createDirectories(stranger.resolve("my images"));
    Files.writeString(images.resolve("web.yaml"), "extends: debian-12\n");
    WorkflowFile.Script action = ACTION.scripts().get(0);

    Map<String, String> inputs = inputs("joe/web");
    inputs.putAll(Map.of("inputs.folder", "my images", "inputs.push", "true"));
    Step called = checkout.run(action, inputs, stranger, other);
    assertThat(called.status()).as(called.said()).isEqualTo(3);
    assertThat(called.said())
        .contains("rebuild joe/web --variant=./my images/web.yaml --if-needed --push --summary=/");
    assertThat(called.output("published")).isEqualTo("[\"joe/web:1\"]");
    assertThat(Files.readString(Path.of(called.output("result")))).startsWith("[{\"new\"");

    assertThat(checkout.run(action, inputs("joe/web"), stranger, other).said())
        .contains("rebuild joe/web --all --if-needed --summary=/");
    inputs.putAll(Map.of("inputs.folder", "", "inputs.if-needed", "false"));
    inputs.put("inputs.variants", "debian-* $(date)");
    assertThat(checkout.run(action, inputs, stranger, other).said())
        .contains("rebuild joe/web --variant=debian-* --variant=$(date) --push --summary=/");

    inputs.putAll(Map.of("inputs.command", "check", "inputs.variants", "", "inputs.push", "false"));
    assertThat(checkout.run(action, inputs, stranger, other).said())
        .contains("check joe/web --summary=/");

    for (String[] wrong :
        new String[][] {{"command", "publish; date"}, {"push", "yes"}, {"folder", "none"}}) {
      Map<String, String> refused = inputs("joe/web");
      refused.put("inputs." + wrong[0], wrong[1]);
      Step step = checkout.run(action, refused, stranger, other);
      assertThat(step.status()).isEqualTo(2);
      assertThat(step.said()).contains("action: " + wrong[0] + ":").contains(wrong[1]);
    }
  }

  /** The action's inputs as they are when a caller gives the name alone. */
  private static Map<String, String> inputs(String name) {
    Map<String, String> inputs = new HashMap<>();
    ACTION
        .whole()
        .path("inputs")
        .properties()
        .forEach(
            each ->
                inputs.put("inputs." + each.getKey(), each.getValue().path("default").asText()));
    inputs.put("inputs.name", name);
    return inputs;
  }

  @Test
  void reportWhenThereIsNoIssueOpensOneAndCommentsOnItLater() throws Exception {
    WorkflowFile.Script report = WorkflowFile.workflow("rebuild.yml").script("report");
    String name = "registry.example/joe/baseimage";
    Step opened = checkout.run(report, values(name, ""));
    assertThat(opened.status()).as(opened.said()).isZero();
    assertThat(checkout.calls())
        .contains("run|view|42|--repo|joe/images|")
        .contains("issue|create|--repo|joe/images|--title|The rebuild of " + name + " is red|")
        .contains("- [rebuild (red)](https://github.example/job/1)")
        .contains("(https://github.example/joe/images/actions/runs/42)")
        .doesNotContain("issue|comment");

    Files.writeString(
        folder.resolve("issues"), "9\tThe rebuild of %s is red\n7\tElse\n".formatted(name));
    Step commented = checkout.run(report, values(name, ""));
    assertThat(commented.status()).as(commented.said()).isZero();
    assertThat(checkout.calls())
        .contains("issue|comment|9|--repo|joe/images|--body|")
        .doesNotContain("issue|create");
  }

  /** Builds nothing: the commands of a release are those of other tests. */
  @Test
  void releaseIsMadeByTheMakefileOfTheProject() throws Exception {
    WorkflowFile.Script release = WorkflowFile.workflow("release.yml").script("release");
    assertThat(matrix(WorkflowFile.workflow("release.yml"), "debian-*"))
        .contains("debian-12", "debian-13-lite");
    Map<String, String> values = values(server.host() + "/joe/released", "red");
    Step failed = checkout.run(release, values);
    assertThat(failed.status()).as(failed.said()).isNotZero();
    assertThat(failed.said())
        .contains("./baseimage-build build --variant \"$VARIANT\" --name \"$NAME\" --push")
        .contains("no-such-package-anywhere");
  }

  private static List<String> matrix(WorkflowFile workflow, String variants) throws Exception {
    Map<String, String> values = values("joe/baseimage", "");
    values.put("inputs.variants", variants);
    Step listed = checkout.run(workflow.script("matrix"), values);
    assertThat(listed.status()).as(listed.said()).isZero();
    List<String> found = new ArrayList<>();
    JSON.readTree(listed.output("matrix"))
        .path("variant")
        .forEach(each -> found.add(each.asText()));
    return found;
  }

  /** What GitHub puts in the place of the expressions. */
  private static Map<String, String> values(String name, String variant) {
    Map<String, String> values = new HashMap<>();
    values.put("vars.BASEIMAGE_NAME || format('ghcr.io/{0}', github.repository)", name);
    values.put("matrix.variant", variant);
    values.put("vars.BASEIMAGE_REGISTRY_USERNAME || github.actor", RegistryServer.USER);
    values.put(
        "secrets.BASEIMAGE_REGISTRY_PASSWORD || (!vars.BASEIMAGE_NAME && github.token) || ''",
        RegistryServer.PASSWORD);
    values.put("github.token", "token");
    return values;
  }

  private static List<String> tags() throws IOException {
    List<String> tags = new ArrayList<>();
    JSON.readTree(server.raw("GET", "/v2/joe/baseimage/tags/list").body())
        .path("tags")
        .forEach(each -> tags.add(each.asText()));
    return tags;
  }
}

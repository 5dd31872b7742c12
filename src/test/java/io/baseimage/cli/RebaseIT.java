package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.registry.RegistryServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runtime of a published image, exchanged by a checkout in which it has changed. What comes of
 * it is read by skopeo, and compared with what the engine builds of the same checkout.
 */
@Tag("docker")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RebaseIT {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VARIANT = "debian-13-lite";
  private static final String SCRIPT = "init-scripts/core/etc/profile.d/container_environment.sh";
  private static final Map<String, String> NO_ENGINE =
      Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock");

  @TempDir private static Path folder;
  private static Path checkout;
  private static RegistryServer server;
  private static String name;
  private static String first;

  @BeforeAll
  static void publish() throws Exception {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    Files.createDirectory(checkout.resolve("target"));
    List<String> copy =
        new ArrayList<>(
            List.of("cp", "-a", "baseimage-build", "pom.xml", "init-scripts", "templates"));
    copy.addAll(List.of("variants", "src", checkout.toString()));
    assertThat(new ProcessBuilder(copy).inheritIO().start().waitFor()).isZero();
    // Nothing of it is compiled again.
    Launched ready = run(Map.of(), Path.of("baseimage-build").toAbsolutePath(), "--version");
    assertThat(ready.status()).as(ready.err()).isZero();
    assertThat(
            new ProcessBuilder(
                    "sh", "-c", "cp -a target/baseimage-build-all* \"$0\"", checkout + "/target/")
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), true);
    name = server.host() + "/joe/rebase";
    Launched built = run(Map.of(), "--variant", VARIANT, "--name", name, "--push", "--no-test");
    assertThat(built.status()).as(built.err()).isZero();
    first = skopeo("inspect", name + ":" + VARIANT, "--raw");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    Launched.forgetImagesOf(server.host());
  }

  @Test
  @Order(1)
  void rebaseWhenTheRuntimeIsTheSamePublishesNothing() throws Exception {
    Launched rebase = run(NO_ENGINE, "rebase", name, "--all");
    assertThat(rebase.status()).as(rebase.err()).isZero();
    assertThat(rebase.out()).contains("not needed");
    assertThat(tags()).hasSize(2);
  }

  @Test
  @Order(2)
  void rebaseExchangesTheLastLayerAloneAndGivesWhatABuildGives() throws Exception {
    Path script = checkout.resolve(SCRIPT);
    Files.writeString(script, Files.readString(script) + "# changed\n");
    Files.writeString(checkout.resolve("init-scripts/core/etc/profile.d/new.sh"), "# new\n");

    Launched dry = run(NO_ENGINE, "rebase", name, "--all", "--dry-run");
    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("possible, nothing published");
    assertThat(tags()).hasSize(2);

    Launched rebase;
    try (RecordingRelay relay = new RecordingRelay(server.port())) {
      String relayed = "127.0.0.1:" + relay.port() + "/joe/rebase";
      rebase = run(NO_ENGINE, "rebase", relayed, "--all", "--no-test", "--format=json");
      assertThat(rebase.status()).as(rebase.err()).isZero();
      String said = String.join("\n", relay.said());
      List<String> layers = layers(JSON.readTree(first));
      assertThat(said).contains("GET /v2/joe/rebase/blobs/" + layers.get(layers.size() - 1));
      layers
          .subList(0, layers.size() - 1)
          .forEach(layer -> assertThat(said).doesNotContain("GET /v2/joe/rebase/blobs/" + layer));
    }
    assertThat(rebase.err()).contains("the contract suite was skipped");
    JsonNode result = JSON.readTree(rebase.out()).path(0);
    assertThat(result.path("outcome").asText()).isEqualTo("published");
    assertThat(result.path("reasons").path(0).asText())
        .isEqualTo(
            "the runtime has changed: /etc/profile.d/container_environment.sh,"
                + " /etc/profile.d/new.sh");

    JsonNode before = JSON.readTree(first);
    JsonNode now = JSON.readTree(skopeo("inspect", name + ":" + VARIANT, "--raw"));
    List<String> old = layers(before);
    List<String> layers = layers(now);
    int last = old.size() - 1;
    assertThat(layers.subList(0, last)).isEqualTo(old.subList(0, last));
    assertThat(layers).hasSize(old.size()).doesNotContain(old.get(last));
    assertThat(now.path("annotations").path("io.baseimage.rebuild.reasons").asText())
        .startsWith("the runtime has changed: ");
    assertThat(tags()).hasSize(3).anyMatch(tag -> tag.endsWith("-001"));

    String built = name + "-built";
    Launched build = run(Map.of(), "--variant", VARIANT, "--name", built, "--push", "--no-test");
    assertThat(build.status()).as(build.err()).isZero();
    JsonNode same = JSON.readTree(skopeo("inspect", built + ":" + VARIANT, "--raw"));
    assertThat(skopeo("inspect", name + ":" + VARIANT, "--config", "--raw"))
        .isEqualTo(skopeo("inspect", built + ":" + VARIANT, "--config", "--raw"));
    assertThat(layers).isEqualTo(layers(same));
    assertThat(
            run(NO_ENGINE, "inventory", "docker://" + name + ":" + VARIANT, "--format=cyclonedx")
                .out())
        .isNotEmpty()
        .isEqualTo(
            run(NO_ENGINE, "inventory", "docker://" + built + ":" + VARIANT, "--format=cyclonedx")
                .out());
  }

  @Test
  @Order(3)
  void rebaseWhoseRuntimeBreaksTheContractIsNotPublished() throws Exception {
    Path script = checkout.resolve(SCRIPT);
    String was = Files.readString(script);
    List<String> before = tags();

    Files.writeString(script, ": nothing is read\n");
    Launched broken = run(Map.of(), "rebase", name, "--all");
    assertThat(broken.status()).as(broken.err()).isEqualTo(50);
    assertThat(broken.out()).contains("failed");
    // What else the image promises was looked at, and holds.
    assertThat(broken.err().lines().filter(line -> line.startsWith("    holds")))
        .hasSizeGreaterThan(80);
    assertThat(tags()).isEqualTo(before);

    Files.writeString(script, was);
  }

  @Test
  @Order(4)
  void rebaseWhenThePackagesWereInstalledByAnotherRecipeIsRefused() throws Exception {
    Path template = checkout.resolve("templates/Dockerfile.ftl");
    String was = Files.readString(template);
    Files.writeString(template, was.replace("CMD [", "ENV NEW=1\nCMD ["));
    List<String> before = tags();
    Launched rebase = run(NO_ENGINE, "rebase", name, "--variant", VARIANT);
    Files.writeString(template, was);
    assertThat(rebase.status()).as(rebase.err()).isEqualTo(3);
    assertThat(rebase.out()).contains("refused").contains("other templates; 'rebuild'");
    assertThat(tags()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void rebaseOfAStrangersImageIsRefused() throws Exception {
    Path context = Files.createDirectories(folder.resolve("stranger"));
    Files.writeString(context.resolve("file"), "x");
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY file /file\n");
    String stranger = server.host() + "/joe/stranger:" + VARIANT;
    Launched.docker("build", "--tag", stranger, context.toString());
    Launched.docker("push", stranger);
    Launched rebase =
        run(NO_ENGINE, "rebase", server.host() + "/joe/stranger", "--variant", VARIANT);
    assertThat(rebase.status()).as(rebase.err()).isEqualTo(3);
    assertThat(rebase.out()).contains("no image of this toolkit");
  }

  private static List<String> layers(JsonNode manifest) {
    List<String> layers = new ArrayList<>();
    manifest.path("layers").forEach(layer -> layers.add(layer.path("digest").asText()));
    return layers;
  }

  private static List<String> tags() throws Exception {
    List<String> tags = new ArrayList<>();
    JSON.readTree(skopeo("list-tags", name)).path("Tags").forEach(tag -> tags.add(tag.asText()));
    return tags.stream()
        .filter(tag -> tag.startsWith(VARIANT))
        .sorted()
        .collect(Collectors.toList());
  }

  private static Launched run(Map<String, String> environment, String... arguments)
      throws Exception {
    return run(environment, checkout.resolve("baseimage-build"), arguments);
  }

  private static Launched run(Map<String, String> environment, Path launcher, String... arguments)
      throws Exception {
    Launched launched = Launched.start(launcher, folder, environment, arguments);
    launched.await(LONG);
    return launched;
  }

  private static String skopeo(String command, String what, String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("skopeo", command));
    line.addAll(List.of(more));
    line.addAll(List.of("--tls-verify=false", "docker://" + what));
    Process skopeo = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(skopeo.waitFor()).as(output).isZero();
    return output;
  }
}

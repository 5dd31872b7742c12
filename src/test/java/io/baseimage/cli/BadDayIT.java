package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Builds that go wrong, from the command line to the engine and back. */
@Tag("docker")
final class BadDayIT {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path folder;

  /** Of this run alone: what an earlier run left is not to be mistaken for this one's. */
  private final String repository = "badday-" + Long.toString(System.nanoTime(), 36);

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenAPackageDoesNotExistShowsTheStepAndTheEndOfItsOutput() throws Exception {
    Path variant = variant("missing-package", "packages: [no-such-package-anywhere]");
    Launched build = build(variant, repository + "/missing");
    assertThat(build.status()).isEqualTo(40);
    assertThat(build.err()).contains("RUN set -eu").contains("no-such-package-anywhere");
    assertNothingLeft(repository + "/missing");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenAPackagesNameWouldBeAPatternSaysThatThereIsNone() throws Exception {
    Path variant = variant("pattern", "packages: [vim.tiny]");
    Launched build = build(variant, repository + "/pattern");
    assertThat(build.status()).isEqualTo(40);
    assertThat(build.err()).contains("There is no package vim.tiny");
    assertNothingLeft(repository + "/pattern");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenNeitherRegistryNorArchiveAnswersNamesBothAddresses() throws Exception {
    Path variant =
        variant(
            "no-base",
            """
            base:
              image: localhost:1/none:1
              bootstrap:
                mirror: http://127.0.0.1:9/debian
            """);
    Launched build = build(variant, repository + "/base");
    assertThat(build.status()).as(build.err()).isEqualTo(30);
    assertThat(build.err())
        .contains("localhost:1/none:1")
        .contains("http://127.0.0.1:9/debian")
        .containsIgnoringCase("connection refused");
    assertNothingLeft(repository + "/base");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenAContractLineIsBrokenGivesNoName() throws Exception {
    Path variant = variant("broken", "run: ['rm /usr/sbin/policy-rc.d']");
    Launched build = build(variant, repository + "/broken");
    assertThat(build.status()).as(build.err()).isEqualTo(50);
    assertThat(build.err()).contains("breaks the contract").contains("COMPAT-5");
    assertNothingLeft(repository + "/broken");
    assertThat(folder.resolve("build/broken/junit.xml")).exists();
    assertThat(folder.resolve("build/broken/metadata.json")).doesNotExist();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenCtrlCComesInTheMiddleLeavesNothing() throws Exception {
    // A step that no engine has in its cache, and no other build's.
    String mark = "now-it-sleeps-" + System.nanoTime();
    Path variant = variant("slow", "run: ['echo " + mark + "', 'sleep 600']");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Launched build =
        Launched.start(
            folder,
            Map.of("TMPDIR", temporary.toString()),
            "--variant",
            variant.toString(),
            "--name",
            repository + "/slow");
    build.awaitErr(text -> text.contains("    " + mark), LONG);
    assertThat(containers()).contains(mark);
    build.signal("INT");
    assertThat(build.await(Duration.ofSeconds(60))).isEqualTo(130);
    assertThat(temporary).isEmptyDirectory();
    assertNothingLeft(repository + "/slow");
    assertThat(containers()).doesNotContain(mark);
  }

  /** The commands of all containers: the engine may have other users. */
  private static String containers() throws Exception {
    return Launched.docker("ps", "--all", "--no-trunc", "--format", "{{.Command}}");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheSameVariantIsBuiltTwiceAtOnceGivesTwoVersions() throws Exception {
    Path variant = variant("twice", "run: ['echo twice']");
    List<Launched> builds =
        List.of(
            start(variant, repository + "/twice", "first"),
            start(variant, repository + "/twice", "second"));
    TreeSet<String> versions = new TreeSet<>();
    for (Launched build : builds) {
      assertThat(build.await(LONG)).as(build.err()).isZero();
    }
    for (String output : List.of("first", "second")) {
      JsonNode metadata =
          new ObjectMapper().readTree(folder.resolve(output).resolve("metadata.json").toFile());
      versions.add(metadata.path("version").asText());
    }
    assertThat(versions).hasSize(2);
    for (String tag :
        Launched.docker("images", "--format", "{{.Repository}}:{{.Tag}}", repository + "/twice")
            .lines()
            .toList()) {
      Launched.docker("rmi", tag);
    }
    assertNothingLeft(repository + "/twice");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void renderedFolderWhenBuiltByDockerHasTheSameSteps() throws Exception {
    Path variant = variant("rendered", "environment: {GREETING: \"it's \\\"$HOME\\\"\"}");
    Launched build =
        Launched.run(
            folder,
            LONG,
            "--variant",
            variant.toString(),
            "--name",
            repository + "/rendered",
            "--no-test");
    assertThat(build.status()).as(build.err()).isZero();
    Launched render =
        Launched.run(folder, LONG, "render", "--variant", variant.toString(), "--output", "dir");
    assertThat(render.status()).as(render.err()).isZero();
    Launched.docker("build", "--tag", repository + "/plain", folder.resolve("dir").toString());
    // The engine takes the steps from its cache: those of the image before its times were set.
    String steps =
        Launched.docker(
                "images", "--quiet", "--filter", "reference=*/*/steps:rendered-*", "--no-trunc")
            .strip();
    String layers = "{{json .RootFS.Layers}}";
    assertThat(Launched.docker("inspect", "--format", layers, repository + "/plain"))
        .isEqualTo(Launched.docker("inspect", "--format", layers, steps));
    String settings = "{{json .Config.Env}} {{json .Config.Cmd}}";
    assertThat(Launched.docker("inspect", "--format", settings, repository + "/plain"))
        .isEqualTo(
            Launched.docker("inspect", "--format", settings, repository + "/rendered:rendered"))
        .contains("it's \\\"$HOME\\\"");
    Launched.docker("rmi", repository + "/plain", repository + "/rendered:rendered");
    for (String tag :
        Launched.docker("images", "--format", "{{.Repository}}:{{.Tag}}", repository + "/rendered")
            .lines()
            .toList()) {
      Launched.docker("rmi", tag);
    }
  }

  private Launched build(Path variant, String name) throws Exception {
    return Launched.run(folder, LONG, "--variant", variant.toString(), "--name", name);
  }

  private Launched start(Path variant, String name, String output) throws IOException {
    return Launched.start(
        folder,
        Map.of(),
        "--variant",
        variant.toString(),
        "--name",
        name,
        "--no-test",
        "--output",
        output);
  }

  private Path variant(String name, String field) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        "extends: debian-12\ndescription: A bad day\n" + field + "\n");
  }

  private static void assertNothingLeft(String name) throws Exception {
    assertThat(Launched.docker("images", "--quiet", name)).isEmpty();
  }
}

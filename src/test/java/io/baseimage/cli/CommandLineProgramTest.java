package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.RegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a user meets it, as far as no engine is needed. */
final class CommandLineProgramTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpNamesEveryExitStatus() {
    assertThat(run("--help")).isZero();
    for (ExitCode code : ExitCode.values()) {
      assertThat(text(out)).containsPattern("\\n  " + code.code() + " +" + code.meaning());
    }
    assertThat(text(err)).isEmpty();
  }

  @Test
  void statusWhenDockersConfigurationIsBrokenIsNotThatOfTheCommandLine() {
    assertThat(ExitCode.of(new RegistryException(RegistryException.Kind.LOGIN, "it is not JSON")))
        .isEqualTo(ExitCode.REGISTRY_ACCESS);
  }

  @Test
  void runWhenNoVariantIsNamedListsThem() {
    assertThat(run()).isEqualTo(2);
    assertThat(text(err)).contains("--variant").contains("debian-12").contains("ubuntu-24.04");
  }

  @Test
  void runWhenAnOptionIsUnknownEndsWithTheUsageStatus() {
    assertThat(run("--varaint", "debian-12")).isEqualTo(2);
    assertThat(text(err)).contains("--varaint");
  }

  @Test
  void buildWhenTheVariantIsUnknownNamesTheNearest() {
    assertThat(run("--variant", "debian-21")).isEqualTo(10);
    assertThat(text(err)).contains("debian-12");
  }

  @Test
  void buildWhenTheYamlIsMalformedSaysWhere() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "extends: debian-12\npackages: [a\n");
    assertThat(run("--variant", file.toString())).isEqualTo(10);
    assertThat(text(err)).contains("bad.yaml:");
  }

  @Test
  void buildWhenTheLocaleDoesNotExistNamesTheNearest() throws IOException {
    Path file =
        Files.writeString(folder.resolve("l.yaml"), "extends: debian-12\nlocale: de_DD.UTF-8\n");
    assertThat(run("--variant", file.toString())).isEqualTo(10);
    assertThat(text(err)).contains("l.yaml:2:").contains("de_DE");
  }

  @Test
  void buildWhenTheArchitectureIsUnknownRefuses() {
    assertThat(run("--variant", "debian-12", "--platform", "windoze")).isEqualTo(2);
    assertThat(run("--variant", "debian-12", "--platform", "windows/amd64")).isEqualTo(2);
    assertThat(text(err)).contains("windoze").contains("arm64");
  }

  @Test
  void buildWhenTheNameHasATagRefuses() {
    assertThat(run("--variant", "debian-12", "--name", "joe/baseimage:1")).isEqualTo(2);
    assertThat(text(err)).contains("joe/baseimage:1").contains("the toolkit gives the tags");
  }

  @Test
  void buildWhenTheNameIsNoneRefuses() {
    assertThat(run("--variant", "debian-12", "--name", "Joe/BaseImage")).isEqualTo(2);
    assertThat(text(err)).contains("Joe/BaseImage");
  }

  @Test
  void buildWhenTheOutputCannotBeWrittenFailsBeforeAnythingIsBuilt() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("--variant", "debian-12", "--output", file.resolve("below").toString()))
        .isEqualTo(60);
    assertThat(text(err)).contains(file.toString());
  }

  @Test
  void buildWhenTheOutputIsAFileSaysSo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("--variant", "debian-12", "--output", file.toString())).isEqualTo(60);
    assertThat(text(err)).contains(file + ": it is a file, not a folder");
  }

  @Test
  void buildWhenAnEarlierRunLeftItsFilesRemovesThemFirst() throws IOException {
    Path output = Files.createDirectory(folder.resolve("output"));
    for (String name :
        List.of("metadata.json", "sbom.cdx.json", "checks.json", "junit.xml", "mine.txt")) {
      Files.writeString(output.resolve(name), "of an earlier run");
    }
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("--variant", "debian-12", "--output", output.toString())).isEqualTo(20);
    assertThat(output.toFile().list()).containsExactly("mine.txt");
  }

  @Test
  void buildWhenTheChosenEngineIsDeadNamesIt() {
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("--variant", "debian-12")).isEqualTo(20);
    assertThat(text(err)).contains("DOCKER_HOST").contains("/nonexistent/engine.sock");
  }

  @Test
  void buildWhenPullContradictsLocalRefuses() {
    assertThat(run("--variant", "debian-12", "--pull", "--base", "local")).isEqualTo(2);
    assertThat(text(err)).contains("--pull").contains("local");
  }

  @Test
  void buildWhenThePlatformIsNoneRefuses() {
    assertThat(run("--variant", "debian-12", "--platform", "a/b/c/d")).isEqualTo(2);
    assertThat(text(err)).contains("a/b/c/d").contains("linux/amd64");
  }

  @Test
  void renderWhenTheFolderHoldsSomethingElseLeavesItAlone() throws IOException {
    Path other = Files.writeString(folder.resolve("precious"), "keep me");
    assertThat(run("render", "--variant", "debian-12", "--output", folder.toString())).isEqualTo(2);
    assertThat(other).hasContent("keep me");
  }

  @Test
  void buildWhenTheOutputIsOnAReadOnlyFileSystemSaysSo() {
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("--variant", "debian-12", "--output", "/proc/baseimage")).isEqualTo(60);
    assertThat(text(err)).contains("/proc/baseimage");
  }

  @Test
  void renderWhenATemplateIsBrokenSaysWhere() throws IOException {
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createSymbolicLink(root.resolve("variants"), Path.of("variants").toAbsolutePath());
    Files.createDirectory(root.resolve("templates"));
    Files.createDirectory(root.resolve("init-scripts"));
    Files.writeString(root.resolve("templates/Dockerfile.ftl"), "FROM x\n${df(variant.nane)}\n");
    assertThat(runIn(root, "warm-up")).isEqualTo(11);
    assertThat(text(err)).contains("Dockerfile.ftl").contains("line 2").contains("nane");
  }

  @Test
  void listWhenNoEngineRunsSaysSoAndListsTheRest() {
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("list")).isZero();
    assertThat(text(out).lines())
        .anyMatch(line -> line.matches("VARIANT +SUPPORT +BASE +FEATURES +BUILT HERE"))
        .anyMatch(
            line ->
                line.matches(
                    "debian-13 +until 2030-06-30 +debian:13 +syslog-ng cron logrotate +no engine"
                        + " runs"))
        .anyMatch(line -> line.startsWith("ubuntu-16.04 ") && line.contains(" ended 2021-04-30 "));
    assertThat(text(err)).contains("/nonexistent/engine.sock");
  }

  @Test
  void listWhenGivenPatternsListsThose() {
    assertThat(run("list", "--format", "github-matrix", "debian-*-lite", "ubuntu-24.04")).isZero();
    assertThat(text(out))
        .isEqualToIgnoringNewLines(
            "{\"variant\":[\"debian-12-lite\",\"debian-13-lite\",\"ubuntu-24.04\"]}");
  }

  @Test
  void listWhenGivenAMatrixLeavesOutWhatIsNoLongerSupported() {
    assertThat(run("list", "--format", "github-matrix")).isZero();
    assertThat(text(out)).contains("ubuntu-24.04").doesNotContain("ubuntu-16.04");
  }

  @Test
  void listWhenAPatternMatchesNothingSaysWhichAndWhatThereIs() {
    assertThat(run("list", "debian-*", "fedora-*")).isEqualTo(10);
    assertThat(text(err)).contains("'fedora-*'").contains("debian-12").doesNotContain("'debian-*'");
  }

  @Test
  void listWhenTheFormatIsUnknownNamesThoseThatAre() {
    assertThat(run("list", "--format", "yaml")).isEqualTo(2);
    assertThat(text(err)).contains("yaml").contains("github-matrix");
  }

  @Test
  void testListNamesTheLinesThatAreProven() {
    assertThat(run("test", "--list")).isZero();
    assertThat(text(out)).contains("BOOT-1").contains("PKG-4");
  }

  @Test
  void buildWhenSourceDateEpochIsNoNumberRefuses() {
    environment.put("SOURCE_DATE_EPOCH", "yesterday");
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    assertThat(run("warm-up")).isEqualTo(2);
    assertThat(text(err)).contains("SOURCE_DATE_EPOCH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999", "9223372036854775807", "253402300800", "-1"})
  void buildWhenSourceDateEpochIsFarOffRefuses(String epoch) {
    environment.put("SOURCE_DATE_EPOCH", epoch);
    assertThat(run("warm-up")).isEqualTo(2);
    assertThat(text(err)).contains("SOURCE_DATE_EPOCH: ").contains("found '" + epoch + "'");
  }

  /** Times are only ever put back to it. */
  @Test
  void buildWhenSourceDateEpochIsStillToComeRefusesButForADayOfDifferingClocks() {
    environment.put("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    long now = Instant.now().getEpochSecond();
    String epoch = String.valueOf(now + 25 * 3600);
    environment.put("SOURCE_DATE_EPOCH", epoch);
    for (String[] command :
        List.of(
            new String[] {"--variant", "debian-13"},
            new String[] {"warm-up"},
            new String[] {"render", "-v", "debian-13", "-o", folder.resolve("rendered").toString()},
            new String[] {"rebuild", "localhost:1/x", "-v", "debian-13"})) {
      err.reset();
      assertThat(run(command)).as(command[0]).isEqualTo(2);
      assertThat(text(err))
          .contains("SOURCE_DATE_EPOCH")
          .contains("'" + epoch + "'")
          .contains("to come");
    }

    environment.put("SOURCE_DATE_EPOCH", String.valueOf(now + 23 * 3600));
    assertThat(run("warm-up")).as(text(err)).isEqualTo(20);
  }

  @Test
  void registryCommandsWhenTheyCannotBeMeantSayWhyBeforeAnythingIsAsked() {
    environment.put("DOCKER_HOST", "unix:///nonexistent.sock");
    assertRefused("without a tag", "tags", "joe/baseimage:latest");
    assertRefused("not an image name", "tags", "Joe/Baseimage");
    assertRefused("go together", "tags", "joe/baseimage", "--username", "joe");
    assertRefused("--variant", "next-version", "joe/baseimage");
    assertRefused(
        "--tag-pattern: expected a pattern of tags",
        "next-version",
        "localhost:1/x",
        "--variant=debian-12",
        "--tag-pattern={variant}");
    assertRefused("--to", "rollback", "joe/baseimage", "--variant=debian-12", "--to=newest");
    assertRefused("--no-alias", "rollback", "joe/baseimage", "--variant=debian-12", "--no-alias");
    assertRefused("IMAGE", "publish");
    assertRefused("--series: not", "next-version", "x", "--variant=debian-12", "--series=month");
    assertRefused("--series release", "next-version", "x", "--variant=no", "--series=release");
    assertRefused("--alias: expected", "rollback", "x", "--variant=debian-12", "--alias=a b");
    assertRefused(
        "--repository-suffix: expected",
        "next-version",
        "x",
        "--variant=debian-12",
        "--repository-suffix=amzn");
  }

  @Test
  void buildWhenATagCouldBeOfTwoVariantsRefusesBeforeAnythingIsBuilt() {
    assertThat(run("-v", "debian-12", "-v", "debian-13", "--tag-pattern={version}")).isEqualTo(2);
    assertThat(run("-v", "debian-12", "-v", "debian-13", "--alias=stable")).isEqualTo(2);
    assertThat(text(err))
        .contains("cannot both go to baseimage, where the tag 2026.01-000 could be of either")
        .contains("the tag stable could be of either");
    assertThat(folder.resolve("build")).doesNotExist();
  }

  @Test
  void rollbackWhenItIsADryRunSaysWhatWouldMoveAndWritesNothing() throws IOException {
    try (WarmUpRegistry registry = new WarmUpRegistry("debian-12")) {
      String name = registry.repository();
      for (int i = 0; i < 2; i++) {
        out.reset();
        assertThat(run("rollback", name, "-v", "debian-12", "--dry-run")).as(text(err)).isZero();
        assertThat(text(out))
            .isEqualToNormalizingNewlines(
                """
                withdraw %1$s:debian-12-2026.01-001
                  then move %1$s:debian-12 from 2026.01-001 to 2026.01-000
                """
                    .formatted(name));
      }
    }
  }

  @Test
  void buildWhenItIsADryRunSaysWhatWouldBeBuiltAndPublished() throws IOException {
    try (WarmUpRegistry registry = new WarmUpRegistry("debian-12-web")) {
      String name = registry.repository();
      assertThat(
              run(
                  "--variant=debian-12",
                  "--variant=debian-13",
                  "--default-variant=debian-13",
                  "--platform=linux/amd64,linux/arm64",
                  "--name=" + name,
                  "--output=" + folder.resolve("build"),
                  "--push",
                  "--dry-run"))
          .as(text(err))
          .isZero();
      assertThat(text(out).replaceAll("20\\d\\d\\.\\d\\d", "20YY.MM"))
          .isEqualToNormalizingNewlines(
              """
              build debian-12 for linux/amd64, linux/arm64
                on debian:12, as the engine has it, else of the registry, else made of signed packages (--base auto)
                named %1$s:debian-12-20YY.MM-000-amd64 on the engine
                named %1$s:debian-12-20YY.MM-000-arm64 on the engine
              publish %1$s:debian-12-20YY.MM-000
                then move %1$s:debian-12
              build debian-13 for linux/amd64, linux/arm64
                on debian:13, as the engine has it, else of the registry, else made of signed packages (--base auto)
                named %1$s:debian-13-20YY.MM-000-amd64 on the engine
                named %1$s:debian-13-20YY.MM-000-arm64 on the engine
              publish %1$s:debian-13-20YY.MM-000
                then move %1$s:debian-13
                then move %1$s:latest
              """
                  .formatted(name));
      assertThat(folder.resolve("build")).doesNotExist();
    }
  }

  @Test
  void buildWhenItIsADryRunWithoutAPushAsksNoRegistry() {
    assertThat(
            run(
                "--variant=debian-12",
                "--name=localhost:1/x",
                "--base=local",
                "--no-test",
                "--dry-run"))
        .as(text(err))
        .isZero();
    assertThat(text(out))
        .contains("build debian-12 for linux/", ", without the contract suite (--no-test)\n")
        .contains("  on debian:12, as the engine has it (--base local)\n")
        .contains("  named localhost:1/x:debian-12-20")
        .doesNotContain("publish");
  }

  private void assertRefused(String because, String... arguments) {
    err.reset();
    assertThat(run(arguments)).as(text(err)).isEqualTo(2);
    assertThat(text(err)).contains(because);
  }

  private int run(String... arguments) {
    return runIn(Path.of("").toAbsolutePath(), arguments);
  }

  private int runIn(Path root, String... arguments) {
    return CommandLineProgram.run(
        new Surroundings(
            environment,
            folder.resolve("home"),
            folder,
            root,
            folder.resolve("tmp"),
            false,
            Optional.empty(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Clock.systemUTC()),
        arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}

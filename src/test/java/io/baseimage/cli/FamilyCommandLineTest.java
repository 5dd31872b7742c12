package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line about several variants, changed ones and new ones; there is no engine here. */
final class FamilyCommandLineTest {
  private static final int NO_ENGINE = 20;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void buildWhenAPatternMatchesNothingSaysWhichAndWhatThereIs() {
    assertThat(run("--variant", "debian-*", "--variant", "fedora-*")).isEqualTo(10);
    assertThat(text(err)).contains("'fedora-*'").contains("debian-12").doesNotContain("'debian-*'");
  }

  @Test
  void buildWhenAVariantIsNamedTwiceSaysSoAndTakesItOnce() {
    assertThat(run("--variant", "debian-12", "--variant", "debian-12")).isEqualTo(NO_ENGINE);
    assertThat(text(err)).contains("warning: debian-12 is named twice");
    assertThat(folder.resolve("build").toFile().list()).containsExactly("debian-12");
  }

  @Test
  void buildWhenPatternsOverlapTakesEachOnce() {
    assertThat(run("--variant", "debian-1?", "--variant", "debian-12*")).isEqualTo(NO_ENGINE);
    assertThat(text(err)).doesNotContain("twice");
    assertThat(folder.resolve("build").toFile().list())
        .containsExactlyInAnyOrder("debian-12", "debian-13", "debian-12-lite", "debian-12-zh_CN");
  }

  @Test
  void buildWhenTwoFilesHaveOneNameRefuses() throws IOException {
    Path one = write("a/mine.yaml", "extends: debian-12\n");
    Path other = write("b/mine.yaml", "extends: debian-13\n");
    assertThat(run("--variant", one.toString(), "--variant", other.toString())).isEqualTo(2);
    assertThat(text(err)).contains(one.toString()).contains(other.toString()).contains("mine");
  }

  @Test
  void buildWhenTwoOfSeveralAreBadNamesBothBeforeAnythingIsBuilt() throws IOException {
    Path bad = write("bad.yaml", "extends: debian-12\nlocale: de_DD.UTF-8\n");
    assertThat(run("-v", "debian-12", "-v", bad.toString(), "-v", "debian-99")).isEqualTo(10);
    assertThat(text(err)).contains("bad.yaml:2:9").contains("de_DE").contains("'debian-99'");
    assertThat(folder.resolve("build")).doesNotExist();
  }

  @Test
  void buildWhenExtendsGoesInACircleSaysWhere() throws IOException {
    write("one.yaml", "extends: two\n");
    Path two = write("two.yaml", "extends: one\n");
    assertThat(run("--variant", "debian-12", "--variant", two.toString())).isEqualTo(10);
    assertThat(text(err)).contains("two → one → two");
  }

  @Test
  void buildWhenAllIsGivenTogetherWithAVariantRefuses() {
    assertThat(run("--all", "--variant", "debian-12")).isEqualTo(2);
    assertThat(text(err)).contains("--all");
  }

  @Test
  void buildWhenAllIsGivenTakesEveryVariant() {
    assertThat(run("--all")).isEqualTo(NO_ENGINE);
    assertThat(folder.resolve("build").toFile().list())
        .containsExactlyInAnyOrderElementsOf(VariantCatalog.open(Path.of("variants")).names());
  }

  @Test
  void buildWhenJobsIsNoNumberOfJobsRefuses() {
    assertThat(run("--variant", "debian-12", "--jobs", "0")).isEqualTo(2);
    assertThat(run("--variant", "debian-12", "--jobs", "many")).isEqualTo(2);
    assertThat(text(err)).contains("--jobs");
  }

  @ParameterizedTest
  @CsvSource({
    "--locale, de_DD.UTF-8, de_DE",
    "--locale, zh_CN, zh_CN.UTF-8",
    "--timezone, Asia/Shangai, Asia/Shanghai",
    "--timezone, Mars/Olympus, UTC",
    "--mirror, ftp://example.org/debian, https://",
    "--mirror, https://joe:secret@example.org/debian, password",
    "--base-image, scratch, scratch",
    "--base-image, Joe/Base, Joe/Base",
  })
  void buildWhenAnOptionHasABadValueSaysWhatIsExpected(
      String option, String value, String expected) {
    assertThat(run("--variant", "debian-12", option, value)).isEqualTo(2);
    assertThat(text(err)).contains(option + ": ").contains(expected);
  }

  @Test
  void overridesMakeWhatAFileMakes() {
    VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
    Variant changed =
        catalog.get(
            "ubuntu-24.04",
            new Overrides(
                Optional.empty(),
                Optional.empty(),
                Optional.of("zh_CN.utf8"),
                Optional.of("Asia/Shanghai")));
    Variant filed = catalog.get("ubuntu-24.04-zh_CN");
    assertThat(changed).usingRecursiveComparison().ignoringFields("source").isEqualTo(filed);
    assertThat(changed.lineage()).hasSize(2);
  }

  @Test
  void overridesThatChangeNothingLeaveTheNameAlone() {
    VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
    Overrides same =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.of("en_US.utf8"), Optional.of("UTC"));
    assertThat(catalog.get("debian-12", same)).isEqualTo(catalog.get("debian-12"));
  }

  @ParameterizedTest
  @CsvSource({
    "debian-12, de_DE.UTF-8, , debian-12-de_DE",
    "debian-12, de_DE.UTF-8, Europe/Berlin, debian-12-de_DE-Europe_Berlin",
    "debian-12, , Etc/GMT+3, debian-12-Etc_GMTplus3",
    "debian-12, , Etc/UTC, debian-12",
    "debian-12, zh_CN.UTF-8, Asia/Shanghai, debian-12-zh_CN",
    "debian-12, zh_CN.UTF-8, , debian-12-zh_CN-UTC",
    "debian-12-zh_CN, , UTC, debian-12-zh_CN-UTC",
  })
  void overridesGiveEachImageAnotherName(
      String variant, String locale, String timezone, String expected) {
    Overrides overrides =
        new Overrides(
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(locale),
            Optional.ofNullable(timezone));
    assertThat(VariantCatalog.open(Path.of("variants")).get(variant, overrides).name())
        .isEqualTo(expected);
  }

  @Test
  void overridesOfTheBaseLeaveStepsShared() {
    Overrides overrides =
        new Overrides(
            Optional.of("registry.example/ubuntu:24.04"),
            Optional.of("https://mirror.example/ubuntu"),
            Optional.empty(),
            Optional.empty());
    Variant variant = VariantCatalog.open(Path.of("variants")).get("ubuntu-24.04-zh_CN", overrides);
    assertThat(variant.lineage()).hasSize(2);
    assertThat(variant.lineage())
        .allMatch(each -> each.base().bootstrap().isEmpty())
        .allMatch(each -> each.base().mirror().isPresent());
  }

  @Test
  void buildWhenAMirrorIsGivenForAmazonLinuxRefuses() {
    assertThat(run("-v", "amazonlinux-2023", "--mirror", "https://mirror.example/x")).isEqualTo(10);
    assertThat(text(err))
        .contains("--mirror: is for Debian and Ubuntu")
        .doesNotContain("base.bootstrap");
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "rebuild", "rebase"})
  void commandWhenAMirrorIsGivenForAllTakesItForThoseThatCanHaveOne(String command)
      throws IOException {
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          boolean isPing = exchange.getRequestURI().getPath().equals("/v2/");
          byte[] body =
              (isPing ? "{}" : "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isPing ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    registry.start();
    try {
      String name = "127.0.0.1:" + registry.getAddress().getPort() + "/joe/x";
      String mirror = "--mirror=https://mirror.example/x";
      for (String which : List.of("--all", "--variant=*-20*")) {
        boolean hasNone = !which.equals("--all");
        assertThat(run(command, name, which, mirror)).as(text(err)).isEqualTo(hasNone ? 10 : 70);
        assertThat(text(err).contains("--mirror: is for Debian and Ubuntu")).isEqualTo(hasNone);
      }
    } finally {
      registry.stop(0);
    }
  }

  @Test
  void buildWhenABaseImageIsGivenAndAnotherToBeMadeRefuses() {
    assertThat(run("-v", "debian-12", "--base-image", "x:1", "--base", "bootstrap")).isEqualTo(2);
    assertThat(text(err)).contains("--base-image");
  }

  @Test
  void buildWhenTheNameWouldBeTooLongSaysSo() throws IOException {
    Path file = write("a".repeat(102) + ".yaml", "extends: debian-12\n");
    assertThat(run("-v", file.toString(), "--locale", "de_DE.UTF-8")).isEqualTo(10);
    assertThat(text(err)).contains("at most 106 characters");
  }

  @Test
  void buildWhenAllAreChangedToWhatAVariantIsTakesThatOnce() {
    assertThat(run("--all", "--locale", "zh_CN.UTF-8", "--timezone", "Asia/Shanghai"))
        .isEqualTo(NO_ENGINE);
  }

  @Test
  void aVariantThatIsNoLongerChineseBeginsAnew() throws IOException {
    Path file = write("mine.yaml", "extends: debian-12-zh_CN\nlocale: de_DE.UTF-8\n");
    assertThat(VariantCatalog.open(Path.of("variants")).get(file).lineage()).hasSize(1);
  }

  @Test
  void newWritesAVariantThatBuildsAndSaysHow() throws IOException {
    assertThat(run("new", "mine", "--extends", "debian-12", "--directory", folder.toString()))
        .isZero();
    assertThat(text(out)).isEqualTo("mine.yaml\n");
    assertThat(text(err)).contains("--variant ./mine.yaml");
    Variant mine = VariantCatalog.open(Path.of("variants")).get(folder.resolve("mine.yaml"));
    assertThat(mine.packages()).isEmpty();
    assertThat(mine.parent()).map(Variant::name).contains("debian-12");
  }

  @Test
  void newWhenThePathHasSpacesWritesItAsUrisAndShellsWantIt() throws IOException {
    Path spaced = Files.createDirectories(folder.resolve("joe's o wn"));
    Path project = Files.createDirectories(folder.resolve("pro ject"));
    Path variants = Files.createDirectories(project.resolve("variants"));
    Files.copy(Path.of("variants/debian-12.yaml"), variants.resolve("debian-12.yaml"));

    assertThat(runIn(project, "new", "mine", "-e", "debian-12", "-d", "joe's o wn")).isZero();

    assertThat(text(out)).isEqualTo("joe's o wn/mine.yaml\n");
    assertThat(text(err)).contains("--variant 'joe'\\''s o wn/mine.yaml'\n");
    assertThat(spaced.resolve("mine.yaml"))
        .content()
        .contains("$schema=../pro%20ject/variants/variant.schema.json\n");
  }

  /** What is commented out is right, too. */
  @Test
  void newWritesExamplesThatAreValid() throws IOException {
    assertThat(run("new", "mine", "--extends", "debian-12", "--directory", folder.toString()))
        .isZero();
    List<String> lines = Files.readAllLines(folder.resolve("mine.yaml"));
    String all =
        String.join(
            "\n",
            lines.stream().map(line -> line.replaceFirst("^# (?=[a-z]+:( |$)| )", "")).toList());
    Files.writeString(folder.resolve("all.yaml"), all + "\n");
    Variant variant = VariantCatalog.open(Path.of("variants")).get(folder.resolve("all.yaml"));
    assertThat(variant.packages()).containsExactly("curl", "less");
    assertThat(variant.environment()).containsKey("EDITOR");
    assertThat(variant.labels()).containsKey("org.example.team");
    assertThat(variant.run()).hasSize(1);
    assertThat(variant.tags().aliases()).contains(List.of("newest"));
    assertThat(variant.title()).isEqualTo("Our Debian 12");
    assertThat(variant.services())
        .isEqualTo(VariantCatalog.open(Path.of("variants")).get("debian-12").services());
  }

  @Test
  void newWhenTheNameIsTakenOrNoneOrTheParentUnknownRefuses() throws IOException {
    String here = folder.toString();
    assertThat(run("new", "debian-13", "-e", "debian-12", "-d", here)).isEqualTo(2);
    assertThat(run("new", "../evil", "-e", "debian-12", "-d", here)).isEqualTo(2);
    assertThat(run("new", "mine", "-e", "debian-21", "-d", here)).isEqualTo(10);
    assertThat(text(err)).contains("debian-13").contains("../evil").contains("debian-12");
    write("mine.yaml", "precious");
    assertThat(run("new", "mine", "-e", "debian-12", "-d", here)).isEqualTo(2);
    assertThat(folder.resolve("mine.yaml")).hasContent("precious");
    assertThat(run("new", "mine", "-e", "debian-12", "-d", here + "/none")).isEqualTo(60);
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private int run(String... arguments) {
    return runIn(Path.of("").toAbsolutePath(), arguments);
  }

  private int runIn(Path root, String... arguments) {
    return CommandLineProgram.run(
        new Surroundings(
            Map.of("DOCKER_HOST", "unix:///nonexistent/engine.sock"),
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

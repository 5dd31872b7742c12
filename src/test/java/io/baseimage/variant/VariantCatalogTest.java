package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.baseimage.image.ImageReference;
import io.baseimage.variant.Bootstrap.Tool;
import io.baseimage.variant.Services.Syslog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VariantCatalogTest {
  private static final String ROOT = "distribution: ubuntu\nrelease: 24.10\ncodename: oracular\n";

  private final Path folder;

  VariantCatalogTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void openWhenThereIsNoFolderSaysSo() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> VariantCatalog.open(missing))
        .isInstanceOf(VariantException.class)
        .hasMessageStartingWith(missing + ": expected a folder of variants");
  }

  @Test
  void namesWhenListedAreThoseOfYamlFilesInOrder() throws IOException {
    write("b", ROOT);
    write("a", "not: [read");
    Files.writeString(folder.resolve("variant.schema.json"), "{}");
    Files.writeString(folder.resolve(".hidden.yaml"), "");
    Files.createDirectory(folder.resolve("keyrings"));

    assertThat(VariantCatalog.open(folder).names()).containsExactly("a", "b");
  }

  @Test
  void getWhenAnotherFileIsBrokenDoesNotReadIt() throws IOException {
    write("good", ROOT);
    write("broken", "not: [read");

    assertThat(get("good").release()).isEqualTo("24.10");
  }

  @Test
  void getWhenOnlyTheReleaseIsSaidDerivesTheRest() throws IOException {
    Path file = write("ubuntu-24.10", ROOT);

    assertThat(get("ubuntu-24.10"))
        .isEqualTo(
            new Variant(
                "ubuntu-24.10",
                "Ubuntu 24.10",
                "Ubuntu 24.10 (oracular) with my_init, runit, syslog-ng, cron and logrotate",
                Distribution.UBUNTU,
                "24.10",
                "oracular",
                Optional.empty(),
                new Base(
                    ImageReference.parse("ubuntu:24.10"),
                    Optional.of(
                        new Bootstrap(
                            Tool.MMDEBSTRAP,
                            "oracular",
                            "minbase",
                            List.of("main", "universe"),
                            List.of("-updates", "-security"),
                            "ubuntu-archive-keyring",
                            Optional.empty(),
                            Optional.empty())),
                    Optional.empty()),
                List.of(),
                "en_US.UTF-8",
                "UTC",
                new Services(Syslog.SYSLOG_NG, true, true, false),
                Map.of(),
                Map.of(),
                List.of(),
                Tags.USUAL,
                Optional.empty(),
                Optional.empty(),
                file));
  }

  @Test
  void getWhenEveryFieldIsSaidTakesEach() {
    Variant variant =
        VariantCatalog.open(BadVariantsTest.RESOURCES.resolve("good")).get("everything");

    assertThat(variant.title()).isEqualTo("Everything");
    assertThat(variant.description()).isEqualTo("Each field once, folded over lines");
    assertThat(variant.release()).isEqualTo("24.10");
    assertThat(variant.endOfLife()).contains(LocalDate.of(2020, 1, 31));
    assertThat(variant.base())
        .isEqualTo(
            new Base(
                ImageReference.parse("registry.example.org:5000/mirror/ubuntu:24.10"),
                Optional.of(
                    new Bootstrap(
                        Tool.DEBOOTSTRAP,
                        "oracular",
                        "minbase",
                        List.of("main"),
                        List.of("-updates"),
                        "ubuntu-archive-keyring",
                        Optional.of("gutsy"),
                        Optional.of("https://archive.example.org/ubuntu"))),
                Optional.of("https://archive.example.org/ubuntu")));
    assertThat(variant.packages()).containsExactly("curl", "less=590-2");
    assertThat(variant.locale()).isEqualTo("zh_CN.UTF-8");
    assertThat(variant.timezone()).isEqualTo("Asia/Shanghai");
    assertThat(variant.services()).isEqualTo(new Services(Syslog.NONE, false, false, false));
    assertThat(variant.environment())
        .containsExactly(
            Map.entry("DEBUG", "True"),
            Map.entry("EMPTY", ""),
            Map.entry("OCTAL", "0o17"),
            Map.entry("VERSION", "1.10"));
    assertThat(variant.labels()).containsExactly(Map.entry("org.example.team", "base"));
    assertThat(variant.run()).containsExactly("useradd --create-home app", "cd /tmp\ntouch here\n");
    assertThat(variant.tags())
        .isEqualTo(
            new Tags(
                Optional.of("v{version}.{variant}"),
                Tags.Series.RELEASE,
                "-every",
                Optional.of(List.of("24.10", "newest"))));
  }

  @Test
  void getWhenAVariantExtendsAnotherMergesThem() throws IOException {
    write(
        "ubuntu-24.10",
        ROOT
            + """
              title: Parent
              description: Of the parent
              endOfLife: 2020-01-31
              locale: de_DE.UTF-8
              packages: [less, curl]
              environment: {A: 1, B: 1}
              labels: {x: 1}
              run: [one]
              base: {image: 'joe/ubuntu:1', bootstrap: {script: gutsy, pockets: [-updates]}}
              services: {syslog: none}
              """);
    write(
        "ubuntu-24.10-zh_CN",
        """
        extends: ubuntu-24.10
        locale: zh_CN.UTF-8
        packages: [vim, curl]
        environment: {B: 2, C: 2}
        labels: {y: 2}
        run: [two, one]
        base: {bootstrap: {flavour: apt, pockets: [-security]}}
        services: {cron: false}
        """);
    write("ubuntu-24.10-zh_CN-more", "extends: ubuntu-24.10-zh_CN\ntimezone: Asia/Shanghai\n");

    Variant variant = get("ubuntu-24.10-zh_CN-more");

    assertThat(variant.title()).isEqualTo("Ubuntu 24.10 (zh_CN-more)");
    assertThat(variant.description()).isEqualTo("Ubuntu 24.10 (oracular) with my_init and runit");
    assertThat(variant.endOfLife()).contains(LocalDate.of(2020, 1, 31));
    assertThat(variant.locale()).isEqualTo("zh_CN.UTF-8");
    assertThat(variant.timezone()).isEqualTo("Asia/Shanghai");
    assertThat(variant.packages()).containsExactly("less", "curl", "vim");
    assertThat(variant.environment()).isEqualTo(Map.of("A", "1", "B", "2", "C", "2"));
    assertThat(variant.labels()).isEqualTo(Map.of("x", "1", "y", "2"));
    assertThat(variant.run()).containsExactly("one", "two", "one");
    assertThat(variant.base().image()).hasToString("joe/ubuntu:1");
    assertThat(variant.base().bootstrap().orElseThrow().script()).contains("gutsy");
    assertThat(variant.base().bootstrap().orElseThrow().pockets())
        .containsExactly("-updates", "-security");
    assertThat(variant.services()).isEqualTo(new Services(Syslog.NONE, false, false, false));
    assertThat(variant.source()).isEqualTo(folder.resolve("ubuntu-24.10-zh_CN-more.yaml"));
  }

  @Test
  void getWhenDebootstrapIsChosenTakesItsFlavour() throws IOException {
    write("mine", ROOT + "base: {bootstrap: {tool: debootstrap}}");

    assertThat(get("mine").base().bootstrap().orElseThrow().flavour()).isEqualTo("minbase");
  }

  @Test
  void getWhenTheNameIsUnknownNamesTheNearestAndAll() throws IOException {
    write("ubuntu-24.10", ROOT);
    write("debian-12", ROOT);
    VariantCatalog catalog = VariantCatalog.open(folder);

    VariantException e =
        catchThrowableOfType(VariantException.class, () -> catalog.get("ubunt-24.10"));

    assertThat(e)
        .hasMessage(
            folder
                + ": no variant 'ubunt-24.10'; did you mean 'ubuntu-24.10'?"
                + " (known: debian-12, ubuntu-24.10)");
    assertThat(e.problems())
        .containsExactly(
            new Problem(
                folder,
                0,
                0,
                "",
                "no variant 'ubunt-24.10'; did you mean 'ubuntu-24.10'?"
                    + " (known: debian-12, ubuntu-24.10)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "", ".", "a/b", "/etc/passwd", "a\u0000b"})
  void getWhenTheNameIsAPathFindsNothing(String name) throws IOException {
    write("ubuntu-24.10", ROOT);
    VariantCatalog catalog = VariantCatalog.open(folder);

    assertThatThrownBy(() -> catalog.get(name))
        .isInstanceOf(VariantException.class)
        .hasMessageContaining("no variant '");
  }

  @Test
  void getWhenTheFileIsTheUsersOwnFindsParentsBesideItAndThenInTheCatalog() throws IOException {
    write("ubuntu-24.10", ROOT + "packages: [less]\n");
    write("ubuntu-24.10-full", "extends: ubuntu-24.10\npackages: [wrong]\n");
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.writeString(own.resolve("ubuntu-24.10-full.yaml"), "extends: ubuntu-24.10\n");
    Path file = own.resolve("mine.yml");
    Files.writeString(file, "extends: ubuntu-24.10-full\npackages: [vim]\n");

    Variant variant = VariantCatalog.open(folder).get(file);

    assertThat(variant.name()).isEqualTo("mine");
    assertThat(variant.title()).isEqualTo("Ubuntu 24.10 (mine)");
    assertThat(variant.packages()).containsExactly("less", "vim");
  }

  @Test
  void getWhenTheUsersOwnFileIsNamedAsItsParentExtendsTheCatalogs() throws IOException {
    write("ubuntu-24.10", ROOT + "packages: [less]\n");
    Path own = Files.createDirectory(folder.resolve("own")).resolve("ubuntu-24.10.yaml");
    Files.writeString(own, "extends: ubuntu-24.10\npackages: [vim]\n");

    assertThat(VariantCatalog.open(folder).get(own).packages()).containsExactly("less", "vim");
  }

  @Test
  void getWhenAVariantExtendsItselfShowsTheCircle() throws IOException {
    write("mine", "extends: mine\n");

    assertThatThrownBy(() -> get("mine"))
        .hasMessage(
            folder.resolve("mine.yaml")
                + ":1:10: extends: variants may not extend each other in a circle,"
                + " found mine → mine");
  }

  @Test
  void getWhenThereIsNoSuchFileSaysSo() throws IOException {
    VariantCatalog catalog = VariantCatalog.open(folder);
    Path missing = folder.resolve("missing.yaml");

    assertThatThrownBy(() -> catalog.get(missing)).hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> catalog.get(folder.resolve("..")))
        .hasMessageContaining("is a folder; expected a YAML file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upper",
        "-dash",
        "two words",
        "latest",
        "ubuntu-2026.11-000",
        "ubuntu-24-000",
        "ünïcode",
        "semi;colon"
      })
  void getWhenTheFilesNameIsNoTagSaysSo(String name) throws IOException {
    write(name, ROOT);

    assertThatThrownBy(() -> get(name))
        .hasMessageContaining("expected a variant's name")
        .hasMessageEndingWith("found '" + name + "' (a file's name)");
  }

  @Test
  void getWhenTheFilesNameLeavesNoRoomForAVersionSaysSo() throws IOException {
    String longest = "a".repeat(106);
    write(longest, ROOT);
    write(longest + "a", ROOT);

    assertThat(ImageReference.parse("x").withTag(get(longest).name() + "-2026.11-000").tag())
        .hasSize(118);
    assertThatThrownBy(() -> get(longest + "a")).hasMessageContaining("at most 106 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ubuntu-16.04-zh_CN", "a", "0", "debian-12_x", "amazonlinux-2017.03"})
  void getWhenTheFilesNameIsATagTakesIt(String name) throws IOException {
    write(name, ROOT);

    assertThat(get(name).name()).isEqualTo(name);
  }

  private Variant get(String name) {
    return VariantCatalog.open(folder).get(name);
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name + ".yaml"), yaml);
  }
}

package io.baseimage.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The templates as shipped: each variant's Dockerfile is kept, to be read when it changes. */
final class ShippedTemplatesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/baseimage/template");

  @TempDir private Path folder;

  static Set<String> names() {
    return VariantCatalog.open(Path.of("variants")).names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void renderGivesTheDockerfileThatIsKept(String name) throws IOException {
    Path kept = GOLDEN.resolve(name + ".Dockerfile");
    String rendered = render(VariantCatalog.open(Path.of("variants")).get(name));
    if (Boolean.getBoolean("baseimage.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(kept, rendered);
    }
    assertThat(kept).content().isEqualTo(rendered);
  }

  /**
   * The program that takes other components out of package lists, on lists as people write them.
   */
  @Test
  void renderWhenOnlyALocaleIsAddedLeavesOfTheListsWhatIsNotOfOtherComponents() throws Exception {
    String rendered = render(VariantCatalog.open(Path.of("variants")).get("ubuntu-24.04-zh_CN"));
    Matcher program =
        Pattern.compile("(?s)find \"\\$work\" -type f -exec sed.*?'\\{}' \\+;").matcher(rendered);
    assertThat(program.find()).isTrue();
    Path lists = Files.createDirectory(folder.resolve("lists"));
    Path lines =
        Files.writeString(
            lists.resolve("sources.list"),
            """
            # deb http://a/ubuntu noble universe
            deb http://a/ubuntu noble main universe # by all
            deb http://a/ubuntu noble universe # by the community
            deb http://a/ubuntu universe-extra main universe-extra
            deb [arch=amd64 signed-by=/k] http://a/ubuntu noble multiverse restricted
            deb [trusted=yes] file:/srv/repo ./
            """);
    Path stanzas =
        Files.writeString(
            lists.resolve("ubuntu.sources"),
            "Suites: noble\nComponents: main universe multiverse\n\nComponents: universe\n");
    Process shell =
        new ProcessBuilder("sh", "-euc", "work=" + lists + "; " + program.group()).start();
    assertThat(shell.waitFor()).isZero();
    assertThat(lines)
        .content()
        .isEqualTo(
            """
            # deb http://a/ubuntu noble universe
            deb http://a/ubuntu noble main
            deb http://a/ubuntu universe-extra main universe-extra
            deb [trusted=yes] file:/srv/repo ./
            """);
    assertThat(stanzas)
        .content()
        .isEqualTo("Suites: noble\nComponents: main\n\nComponents: main\n");
  }

  @Test
  void renderWhenRunHasBlockScalarsKeepsTheirProgramsInOneShellWord() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("blocks.yaml"),
            """
            extends: debian-12
            run:
              - |
                echo "it's $HOME" \\
                  && echo `id -u`
                # not a comment of the Dockerfile
              - >
                echo folded
                text
            """);
    String rendered = render(VariantCatalog.open(Path.of("variants")).get(file));
    String step =
        rendered.lines().filter(line -> line.contains("folded")).findFirst().orElseThrow();
    assertThat(step).contains("sh -euc 'echo folded text'");
    String block =
        rendered.lines().filter(line -> line.contains("not a comment")).findFirst().orElseThrow();
    String word = block.substring(block.indexOf("sh -euc ") + 8, block.lastIndexOf(");"));
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + word).start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("echo \"it's $HOME\" \\\n  && echo `id -u`\n# not a comment of the Dockerfile");
  }

  /** The step itself, run on package sources as images have them. */
  @Test
  void renderWhenTheReleaseHasMovedMakesItsSourcesNameTheNewArchive() throws Exception {
    String rendered = render(VariantCatalog.open(Path.of("variants")).get("ubuntu-15.10"));
    int begin = rendered.indexOf("    find /etc/apt ");
    String step = rendered.substring(begin, rendered.indexOf("'{}' +;", begin) + 6);
    Path list = folder.resolve("sources.list");
    Files.writeString(
        list,
        """
        # deb http://archive.example/ubuntu wily main
        deb http://archive.example/ubuntu/ wily main restricted
        deb-src  http://archive.example/ubuntu/ wily-updates universe
        deb [arch=amd64 trusted=no] http://security.example/ubuntu wily-security main
        """);
    Path stanza =
        Files.writeString(
            folder.resolve("ubuntu.sources"),
            "Types: deb\nURIs: http://archive.example/ubuntu/\nSuites: wily wily-updates\n");

    Process shell =
        new ProcessBuilder("sh", "-euc", step.replace("/etc/apt", folder.toString()))
            .inheritIO()
            .start();

    assertThat(shell.waitFor()).isZero();
    assertThat(list)
        .hasContent(
            """
            # deb http://archive.example/ubuntu wily main
            deb http://old-releases.ubuntu.com/ubuntu wily main restricted
            deb-src  http://old-releases.ubuntu.com/ubuntu wily-updates universe
            deb [arch=amd64 trusted=no] http://old-releases.ubuntu.com/ubuntu wily-security main
            """);
    assertThat(stanza)
        .hasContent(
            "Types: deb\nURIs: http://old-releases.ubuntu.com/ubuntu\nSuites: wily wily-updates\n");
  }

  /** Debian keeps security updates in an archive beside the first, Ubuntu in the same. */
  @ParameterizedTest
  @CsvSource({
    "debian-13, debian, debian-security, ''",
    "debian-13, debian, debian-security, /20261101T000000Z",
    "ubuntu-24.04, ubuntu, ubuntu, ''",
    "ubuntu-24.04, ubuntu, ubuntu, /20261101T000000Z",
  })
  void renderWhenAMirrorIsGivenMakesEachPocketNameItsArchive(
      String name, String main, String security, String time) throws Exception {
    for (String end : List.of("", "/")) {
      String mirror = "http://m.example/" + main + time + end;
      Overrides overrides =
          new Overrides(Optional.empty(), Optional.of(mirror), Optional.empty(), Optional.empty());
      String rendered = render(VariantCatalog.open(Path.of("variants")).get(name, overrides));
      int begin = rendered.indexOf("    find /etc/apt ");
      String step = rendered.substring(begin, rendered.indexOf("'{}' +;", begin) + 6);
      Path sources = Files.createTempDirectory(folder, "sources");
      Path list = sources.resolve("sources.list");
      Path stanzas = sources.resolve("distribution.sources");
      // Of the distribution's own image, of one bootstrapped from this mirror, and of another time.
      for (String before : List.of("", time, "/20200101T000000Z")) {
        for (String slash : List.of("", "/")) {
          String ofMain = "http://archive.example/" + main + before + slash;
          String ofSecurity = "http://security.example/" + security + before + slash;
          Files.writeString(list, list(ofMain, ofSecurity));
          Files.writeString(stanzas, stanzas(ofMain, ofSecurity));

          Process shell =
              new ProcessBuilder("sh", "-euc", step.replace("/etc/apt", sources.toString()))
                  .inheritIO()
                  .start();

          assertThat(shell.waitFor()).isZero();
          String nowOfSecurity =
              security.equals(main) ? mirror : "http://m.example/" + security + time;
          assertThat(list).as(ofSecurity).hasContent(list(mirror, nowOfSecurity));
          assertThat(stanzas).as(ofSecurity).hasContent(stanzas(mirror, nowOfSecurity));
        }
      }
    }
  }

  private static String list(String main, String security) {
    return """
        deb %1$s suite main
        deb-src [signed-by=/k] %1$s suite-updates main
        deb %2$s suite-security main
        deb [arch=amd64] %2$s suite-security main
        """
        .formatted(main, security);
  }

  private static String stanzas(String main, String security) {
    return """
        Types: deb
        URIs: %s
        Suites: suite suite-updates

        Types: deb
        URIs: %s
        Suites: suite-security
        """
        .formatted(main, security);
  }

  private static String render(Variant variant) {
    return new DockerfileTemplate(Path.of("templates"))
        .render(
            variant,
            variant.base().image().toString(),
            "2020-01-01T00:00:00Z",
            Map.of("org.opencontainers.image.title", variant.title()));
  }
}

package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several variants, changed ones and new ones, from the command line to the engine and back. */
@Tag("docker")
final class FamilyIT {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path folder;

  /** Of this run alone: what an earlier run left is not to be mistaken for this one's. */
  private final String repository = "family-" + Long.toString(System.nanoTime(), 36);

  @AfterEach
  void removeImages() throws Exception {
    for (String tag : tags()) {
      Launched.docker("rmi", repository + ":" + tag);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenOneOfSeveralFailsBuildsTheOthersAndSaysSoByItsStatus() throws Exception {
    Path bad = write("bad.yaml", "extends: debian-12-lite\nrun: ['exit 7']\n");
    Launched build =
        build("--variant", bad.toString(), "--variant", "debian-12-lite", "--keep-going");
    assertThat(build.status()).as(build.err()).isEqualTo(3);
    assertThat(build.out())
        .containsPattern("(?m)^bad .* failed: .*$")
        .containsPattern("(?m)^debian-12-lite +20\\d\\d\\.\\d\\d-000 .* done$")
        .contains("1 done, 1 failed, 0 not begun");
    assertThat(build.err()).containsPattern("(?m)^bad +failed: Tried to build");
    assertThat(tags()).hasSize(2).allMatch(tag -> tag.startsWith("debian-12-lite"));
    assertThat(folder.resolve("build/debian-12-lite/metadata.json")).exists();
    assertThat(folder.resolve("build/bad/metadata.json")).doesNotExist();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheFirstOfSeveralFailsBeginsNoMore() throws Exception {
    Path bad = write("bad.yaml", "extends: debian-12-lite\nrun: ['exit 7']\n");
    Launched build = build("-v", bad.toString(), "-v", "debian-13-lite", "--jobs", "1");
    assertThat(build.status()).as(build.err()).isEqualTo(40);
    assertThat(build.out()).contains("0 done, 1 failed, 1 not begun");
    assertThat(tags()).isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenCtrlCComesInTheMiddleOfSeveralLeavesNothing() throws Exception {
    String mark = "now-they-sleep-" + System.nanoTime();
    String sleeps = "run: ['echo " + mark + "', 'sleep 600']\n";
    Path one = write("one.yaml", "extends: debian-12-lite\n" + sleeps);
    Path other = write("other.yaml", "extends: debian-13-lite\n" + sleeps);
    Launched build =
        Launched.start(
            folder,
            Map.of(),
            words("-v", one.toString(), "-v", other.toString(), "--jobs", "2", "--no-test"));
    build.awaitErr(text -> text.split("  " + mark, -1).length > 2, LONG);
    build.signal("INT");
    assertThat(build.await(Duration.ofSeconds(60))).isEqualTo(130);
    assertThat(tags()).isEmpty();
    assertThat(Launched.docker("ps", "--all", "--no-trunc", "--format", "{{.Command}}"))
        .doesNotContain(mark);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheMirrorAnswersNotFoundNamesIt() throws Exception {
    HttpServer server = serve(Map.of());
    try {
      Launched build = build("-v", "debian-12", "--base", "bootstrap", "--mirror", address(server));
      assertThat(build.status()).as(build.err()).isEqualTo(30);
      assertThat(build.err()).contains(address(server)).contains("404").contains("mirror");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheMirrorsSignatureIsBadUsesNothingOfIt() throws Exception {
    String release = "Origin: Debian\nSuite: bookworm\nCodename: bookworm\n";
    HttpServer server =
        serve(
            Map.of(
                "/debian/dists/bookworm/InRelease",
                "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
                    + release
                    + "-----BEGIN PGP SIGNATURE-----\n\nbm90IGEgc2lnbmF0dXJl\n=aaaa\n"
                    + "-----END PGP SIGNATURE-----\n",
                "/debian/dists/bookworm/Release",
                release));
    try {
      Launched build = build("-v", "debian-12", "--base", "bootstrap", "--mirror", address(server));
      assertThat(build.status()).as(build.err()).isEqualTo(30);
      assertThat(build.err()).contains("signature").contains("debian-archive-keyring");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenAMirrorIsGivenInstallsFromItAndNamesItInTheImage() throws Exception {
    String base = base("debian-13-lite");
    String image = repository + ":debian-13-lite";
    String usual =
        Launched.docker(
                "run", "--rm", image, "awk", "/^deb / { print $2; exit }", "/etc/apt/sources.list")
            .strip();
    // The same archive by an address that is written in another way.
    String mirror = usual.endsWith("/") ? usual.replaceFirst("/+$", "") : usual + "/";
    Launched build = build("-v", "debian-13-lite", "--base-image", base, "--mirror", mirror);
    assertThat(build.status()).as(build.err()).isZero();
    assertThat(Launched.docker("run", "--rm", image, "cat", "/etc/apt/sources.list"))
        .contains("deb " + mirror + " trixie main")
        .contains("deb " + mirror.replaceFirst("/*$", "-security") + " trixie-security main");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheMirrorHasNothingForABaseThatIsThereSaysWhoseAddressItIs() throws Exception {
    String mirror = "http://mirror.invalid/debian";
    Launched build =
        build("-v", "debian-13-lite", "--base-image", base("debian-13-lite"), "--mirror", mirror);
    assertThat(build.status()).as(build.err()).isEqualTo(40);
    assertThat(build.err()).contains("The mirror " + mirror + " does not serve").contains("trixie");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheBaseIsOfAnotherReleaseLeavesTheVariantsOwnReportAlone() throws Exception {
    String base = base("debian-13-lite");
    Path own = Files.createDirectories(folder.resolve("build/debian-12-lite"));
    Files.writeString(own.resolve("metadata.json"), "of debian-12-lite");
    Launched build = build("-v", "debian-12-lite", "--base-image", base);
    assertThat(build.status()).as(build.err()).isZero();
    assertThat(own.resolve("metadata.json")).hasContent("of debian-12-lite");
    assertThat(folder.resolve("build/debian-12-lite-stand-in/metadata.json"))
        .content()
        .contains("\"debian-12-lite-stand-in\"");
    assertThat(build.err()).contains("Wrote build/debian-12-lite-stand-in/metadata.json");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenTheBaseLacksTheArchitectureSaysSo() throws Exception {
    Launched build = build("-v", "debian-12", "--base", "local", "--platform", "linux/s390x");
    assertThat(build.status()).as(build.err()).isEqualTo(30);
    assertThat(build.err()).contains("debian:12").contains("linux/s390x");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void buildWhenLocaleAndTimeZoneAreGivenMakesTheImageOfThem() throws Exception {
    Launched build =
        build("-v", "debian-12-lite", "--locale", "de_DE.UTF-8", "--timezone", "Europe/Berlin");
    assertThat(build.status()).as(build.err()).isZero();
    String image = repository + ":debian-12-lite-de_DE-Europe_Berlin";
    assertThat(
            Launched.docker(
                "run", "--rm", image, "bash", "-c", "date -d 2024-07-01 '+%A %Z'; locale 2>&1"))
        .startsWith("Montag CEST\nLANG=de_DE.UTF-8\n")
        .doesNotContain("Cannot set");
    assertThat(
            Launched.run(folder, Duration.ofMinutes(1), "list", "debian-12-lite", "--format=json")
                .out())
        .contains("\"" + image + "\"");
  }

  /**
   * The README's chapter, step by step: what it says to type is typed, what it shows is written.
   */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void readmesChapterOnNewVariantsLeadsToAnImage() throws Exception {
    Path project = projectCopy();
    List<String> chapter = chapter("## Your own variant in ten lines");
    List<String> commands =
        chapter.stream().filter(line -> line.startsWith("    ./baseimage-build")).toList();
    String yaml =
        chapter.stream()
            .dropWhile(line -> !line.contains("yaml-language-server"))
            .takeWhile(line -> !line.isEmpty())
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(commands).hasSize(2);
    List<String> create = List.of(commands.get(0).strip().split(" +"));
    Launched written = launch(project, create);
    assertThat(written.await(LONG)).as(written.err()).isZero();
    Path file = project.resolve(written.out().strip());
    assertThat(file).content().contains("extends: debian-12\n");
    Files.writeString(file, yaml);
    List<String> build =
        Stream.concat(
                Stream.of(commands.get(1).strip().split(" +")), Stream.of("--name", repository))
            .toList();
    Launched built = launch(project, build);
    assertThat(built.await(LONG)).as(built.err()).isZero();
    assertThat(built.out()).contains(" 0 broken");
    assertThat(
            Launched.docker(
                "run",
                "--rm",
                repository + ":" + create.get(2),
                "/sbin/my_init",
                "--quiet",
                "--",
                "sh",
                "-c",
                "echo $APP_HOME $LANG $(date -d 2024-07-01 +%Z); ls -d $APP_HOME;"
                    + " curl --version | cut -c 1-4"))
        .startsWith("/srv/app en_GB.UTF-8 BST\n/srv/app\ncurl");
  }

  private static List<String> chapter(String heading) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    List<String> after = lines.subList(lines.indexOf(heading) + 1, lines.size());
    return after.stream().takeWhile(line -> !line.startsWith("## ")).toList();
  }

  private static Launched launch(Path project, List<String> command) throws IOException {
    return Launched.start(
        project.resolve(command.get(0)),
        project,
        Map.of(),
        command.subList(1, command.size()).toArray(String[]::new));
  }

  /** Of this project, with its jar; so that a new variant is not written into this one. */
  private Path projectCopy() throws IOException, InterruptedException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Process copy =
        new ProcessBuilder(
                "sh",
                "-c",
                "cp -R baseimage-build pom.xml src variants templates init-scripts \"$0\""
                    + " && mkdir \"$0/target\" && cp target/baseimage-build-all.jar \"$0/target\"",
                project.toString())
            .inheritIO()
            .start();
    assertThat(copy.waitFor()).isZero();
    return project;
  }

  private static HttpServer serve(Map<String, String> files) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String file = files.get(exchange.getRequestURI().getPath());
          byte[] body = (file == null ? "none" : file).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(file == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/debian";
  }

  /** What a build of that variant starts from here. */
  private String base(String variant) throws Exception {
    Launched build = build("-v", variant);
    Matcher base = Pattern.compile("(?m)^base +(\\S+),").matcher(build.out());
    assertThat(base.find()).as(build.err() + build.out()).isTrue();
    return base.group(1);
  }

  private Launched build(String... arguments) throws Exception {
    String[] all =
        Stream.concat(Arrays.stream(arguments), Stream.of("--no-test")).toArray(String[]::new);
    return Launched.run(folder, LONG, words(all));
  }

  private String[] words(String... arguments) {
    return Stream.concat(Arrays.stream(arguments), Stream.of("--name", repository))
        .toArray(String[]::new);
  }

  private List<String> tags() throws Exception {
    return Launched.docker("images", "--format", "{{.Tag}}", repository).lines().toList();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}

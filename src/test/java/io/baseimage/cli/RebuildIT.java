package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.registry.RegistryServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Published images and the world that moves under them: a real engine, a real registry, and an
 * archive of packages that the test changes. What is published is read by skopeo.
 */
@Tag("docker")
final class RebuildIT {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> REAL = List.of("adduser", "runit", "sysuser-helper");

  @TempDir private static Path folder;
  private static RegistryServer server;
  private static LocalPackages packages;
  private static String debian;
  private static int tests;

  private Path here;
  private String base;
  private String name;

  @BeforeAll
  static void start() throws Exception {
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), true);
    packages = new LocalPackages(folder.resolve("packages"));
    debian = StandIn.bootstrapped("debian-13", folder);
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM %s\nRUN apt-get update && mkdir /debs && cd /debs && apt-get download %s\n"
            .formatted(debian, String.join(" ", REAL)));
    String image = "localhost/rebuild-it/debs:" + System.nanoTime();
    Launched.docker("build", "--tag", image, folder.toString());
    String container = Launched.docker("create", image);
    Launched.docker("cp", container + ":/debs", folder.toString());
    Launched.docker("rm", container);
    Launched.docker("rmi", image);
  }

  @AfterAll
  static void stop() throws Exception {
    packages.close();
    server.close();
    Launched.forgetImagesOf(server.host());
  }

  /** A base in the registry, a variant on it, and its first version. */
  @BeforeEach
  void publish() throws Exception {
    here = Files.createDirectory(folder.resolve("test-" + ++tests));
    base = server.host() + "/base:" + tests;
    name = server.host() + "/joe/test" + tests;
    packages.clear();
    try (Stream<Path> debs = Files.list(folder.resolve("debs"))) {
      for (Path deb : debs.sorted().toList()) {
        packages.add(LocalPackages.SUITE, deb);
      }
    }
    packages.add(LocalPackages.SUITE, "tool", "1.0");
    push("one");
    variant("2030-06-30");
    Launched built = run("--variant", "./web.yaml", "--name", name, "--push", "--no-test");
    assertThat(built.status()).as(built.err()).isZero();
    packages.requests();
  }

  /**
   * Makes a base with that text in a file and pushes it; no other test's steps are of use on it.
   */
  private void push(String text, String... more) throws Exception {
    Path context = Files.createDirectories(here.resolve("base"));
    Files.writeString(context.resolve("sources.list"), packages.sources());
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM %s
        RUN rm -f /etc/apt/sources.list.d/*
        COPY sources.list /etc/apt/sources.list
        RUN echo %s of %d >/etc/base
        %s
        """
            .formatted(debian, text, tests, String.join("\n", more)));
    Launched.docker("build", "--tag", base, context.toString());
    Launched.docker("push", base);
  }

  private void variant(String endOfLife) throws Exception {
    Files.writeString(
        here.resolve("web.yaml"),
        """
        distribution: debian
        release: "13"
        codename: trixie
        endOfLife: %s
        base: {image: "%s"}
        locale: C.UTF-8
        services: {syslog: none, cron: false, logrotate: false}
        packages: [tool]
        """
            .formatted(endOfLife, base));
  }

  @Test
  void checkWhenNothingHappensSaysFreshAndAskedAgainReadsNoListOfPackages() throws Exception {
    assertThat(check(0)).isEqualTo("web  %s  fresh%n".formatted(version(0)));
    assertThat(packages.requests()).anyMatch(path -> path.endsWith("/Packages"));

    assertThat(check(0)).contains("fresh");
    assertThat(packages.requests()).isNotEmpty().noneMatch(path -> path.endsWith("/Packages"));

    Map<String, String> before = tags();
    Launched rebuild = run("rebuild", name, "-v", "./web.yaml", "--if-needed", "--push");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    assertThat(rebuild.out()).contains("fresh, not built");
    assertThat(tags()).isEqualTo(before);
  }

  @Test
  void rebuildWhenASecurityUpgradeAppearsPublishesItWithTheReason() throws Exception {
    assertThat(check(0)).contains("fresh");
    packages.add(LocalPackages.SUITE, "adduser", "9999");
    packages.add(LocalPackages.SECURITY, "tool", "1.0+fix1");
    packages.add(LocalPackages.SUITE, "tool", "1.1");

    assertThat(check(5))
        .contains("stale")
        .contains("security: tool 1.0 → 1.1")
        .contains("upgrade: adduser ");
    JsonNode reasons = JSON.readTree(check(5, "--format=json")).path(0).path("reasons");
    assertThat(reasons.path(0).path("kind").asText()).isEqualTo("security");
    assertThat(reasons.path(1).path("kind").asText()).isEqualTo("package");

    Map<String, String> before = tags();
    Launched rebuild =
        run(
            "rebuild",
            name,
            "-v",
            "./web.yaml",
            "--if-needed",
            "--push",
            "--no-test",
            "--format=json",
            "--summary=page.md");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    JsonNode result = JSON.readTree(rebuild.out()).path(0);
    assertThat(result.path("outcome").asText()).isEqualTo("published");
    assertThat(result.path("new").path("version").asText()).isEqualTo(version(1));
    assertThat(result.path("differences").path(0).path("packages").toString()).contains("\"tool\"");
    assertThat(Files.readString(here.resolve("page.md")))
        .contains("security: tool 1.0 → 1.1")
        .contains("| `tool` | upgraded | `1.0` | `1.1` |");

    Map<String, String> now = tags();
    assertThat(now).containsAllEntriesOf(versions(before));
    assertThat(now.get("web")).isEqualTo(now.get("web-" + version(1)));
    assertThat(manifest("web").path("annotations").path("io.baseimage.rebuild.reasons").asText())
        .startsWith("security: tool 1.0 → 1.1\nupgrade: adduser ");
    assertThat(check(0)).contains(version(1) + "  fresh");
  }

  /** Its programs alone are in the image, and what else it depends on is not in the archive. */
  @Test
  void checkWhenRunitIsUpgradedSaysSo() throws Exception {
    assertThat(run("inventory", name + ":web").out()).containsPattern("(?m)^ *runit +\\d");
    assertThat(Launched.docker("run", "--rm", name + ":web", "dpkg", "-S", "/usr/bin/runsv"))
        .isEqualTo("baseimage-runit: /usr/bin/runsv");
    packages.add(LocalPackages.SUITE, "runit", "9.0");
    assertThat(check(5)).containsPattern("upgrade: runit \\S+ → 9\\.0").doesNotContain("security:");
    packages.add(LocalPackages.SECURITY, "runit", "9.1");
    assertThat(check(5)).containsPattern("security: runit \\S+ → 9\\.1");
  }

  @Test
  void rebuildWhenTheBaseHasMovedIsBuiltOnTheNewOne() throws Exception {
    push("two");
    assertThat(check(5)).contains("new base " + base + ": sha256:");

    Launched rebuild =
        run("rebuild", name, "--variant=./web.yaml", "--if-needed", "--push", "--no-test");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    assertThat(rebuild.out()).contains("published");
    assertThat(check(0)).contains(version(1) + "  fresh");
  }

  @Test
  void rebuildWhenTheEngineHasAnOlderBaseIsNotBuiltOnIt() throws Exception {
    String older = Launched.docker("image", "inspect", "--format={{.Id}}", base);
    push("two");
    String[] rebuild = {
      "rebuild", name, "--variant=./web.yaml", "--if-needed", "--push", "--no-test"
    };
    assertThat(run(rebuild).status()).isZero();
    Launched.docker("tag", older, base);
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    assertThat(run(rebuild).out()).contains("security: tool 1.0 → 1.1");
    assertThat(Launched.docker("run", "--rm", name + ":web", "cat", "/etc/base"))
        .startsWith("two of");

    Launched.docker("tag", older, base);
    packages.add(LocalPackages.SECURITY, "tool", "1.2");
    String digest = tags(server.host() + "/base").get(String.valueOf(tests));
    server.raw("DELETE", "/v2/base/manifests/" + digest);
    Launched unsure = run(rebuild);
    assertThat(unsure.status()).as(unsure.err()).isEqualTo(3);
    assertThat(unsure.out()).contains("what is published was built on " + base);
    assertThat(tags()).doesNotContainKey("web-" + version(3));
  }

  @Test
  void rebuildWhenTheNewBaseHasTheSameContentChangesNothingAndIsNotTriedAgain() throws Exception {
    push("one", "LABEL org.opencontainers.image.created=today");
    assertThat(check(5)).contains("new base");

    Map<String, String> before = tags();
    String images = Launched.docker("images", "--format={{.Tag}} {{.ID}}", name);
    Launched rebuild =
        run("rebuild", name, "--variant=./web.yaml", "--if-needed", "--push", "--no-test");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    assertThat(rebuild.out()).contains("same content, dropped");
    assertThat(tags()).isEqualTo(before);
    assertThat(Launched.docker("images", "--format={{.Tag}} {{.ID}}", name)).isEqualTo(images);
    assertThat(check(0)).contains("fresh");
  }

  @Test
  void rebuildWhenSeveralRunAtOnceGivesOneVersion() throws Exception {
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    List<Launched> rebuilds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rebuilds.add(
          Launched.start(
              here,
              Map.of("XDG_CACHE_HOME", here.resolve("cache-" + i).toString()),
              "rebuild",
              name,
              "--variant=./web.yaml",
              "--if-needed",
              "--push",
              "--no-test",
              "--output=" + here.resolve("out-" + i)));
    }
    for (Launched rebuild : rebuilds) {
      rebuild.await(LONG);
      assertThat(rebuild.status()).as(rebuild.err()).isZero();
    }
    assertThat(versions(tags())).containsOnlyKeys("web-" + version(0), "web-" + version(1));
    assertThat(rebuilds).filteredOn(each -> each.out().contains("published")).hasSize(1);
  }

  @Test
  void rebuildWhenTheNewestVersionWasWithdrawnDoesNotBringItBack() throws Exception {
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    String[] rebuild = {
      "rebuild", name, "--variant=./web.yaml", "--if-needed", "--push", "--no-test"
    };
    assertThat(run(rebuild).out()).contains("published");
    Launched back = run("rollback", name, "--variant=./web.yaml");
    assertThat(back.status()).as(back.err()).isZero();

    Map<String, String> before = tags();
    Launched again = run(rebuild);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).contains("same content as a withdrawn version");
    assertThat(tags()).isEqualTo(before);

    packages.add(LocalPackages.SECURITY, "tool", "1.2");
    assertThat(run(rebuild).out()).contains(version(2) + "  published");
    assertThat(tags().get("web")).isEqualTo(tags().get("web-" + version(2)));
    assertThat(run("changelog", name, "--variant=./web.yaml").out())
        .containsSubsequence(version(2), "tool", "1.0", "1.2", version(1), "withdrawn");
  }

  /** The first is published while the second is still being built. */
  @Test
  void rebuildWhenItIsStoppedHasDoneWhatItTells() throws Exception {
    Files.writeString(here.resolve("slow.yaml"), Files.readString(here.resolve("web.yaml")));
    Launched first = run("--variant", "./slow.yaml", "--name", name, "--push", "--no-test");
    assertThat(first.status()).as(first.err()).isZero();
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    Files.writeString(
        here.resolve("slow.yaml"),
        Files.readString(here.resolve("slow.yaml")) + "run: [sleep 200]\n");
    Launched rebuild =
        Launched.start(
            here,
            Map.of(),
            "rebuild",
            name,
            "--variant=./web.yaml",
            "--variant=./slow.yaml",
            "--push",
            "--no-test",
            "--jobs=2",
            "--summary=summary.md");
    rebuild.awaitErr(said -> said.contains("web: published"), LONG);
    rebuild.signal("TERM");
    assertThat(rebuild.await(LONG)).isEqualTo(143);
    assertThat(rebuild.out()).contains("published", "not reached");
    assertThat(here.resolve("summary.md")).content().contains("published", "not reached");
    assertThat(tags()).containsKey("web-" + version(1)).doesNotContainKey("slow-" + version(1));
  }

  @Test
  void rebuildWhenItIsAskedForAndTheContentIsTheSameChangesNothing() throws Exception {
    Map<String, String> before = tags();
    Launched rebuild = run("rebuild", name, "--variant=./web.yaml", "--push", "--no-test");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    assertThat(rebuild.out()).contains("same content, dropped").contains("asked for");
    assertThat(tags()).isEqualTo(before);
  }

  /** This image lacks most of what the contract promises. */
  @Test
  void rebuildWhenTheContractIsBrokenPublishesNothing() throws Exception {
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    Map<String, String> before = tags();
    Launched rebuild =
        run(
            "rebuild",
            name,
            "--variant=./web.yaml",
            "--if-needed",
            "--push",
            "--timeout-scale=0.05",
            "--format=json");
    assertThat(rebuild.status()).as(rebuild.err()).isEqualTo(3);
    JsonNode result = JSON.readTree(rebuild.out()).path(0);
    assertThat(result.path("outcome").asText()).isEqualTo("failed");
    assertThat(result.path("failure").asText()).contains("breaks the contract");
    assertThat(tags()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"DOWN", "PORTAL", "HALF", "CHANGED"})
  void checkWhenTheMirrorMisbehavesSaysUnknownAndNothingIsRebuilt(LocalPackages.Mood mood)
      throws Exception {
    if (mood == LocalPackages.Mood.DOWN) {
      // What was found out before is no answer.
      assertThat(check(0)).contains("fresh");
    }
    packages.mood = mood;
    assertThat(check(6)).contains("unknown: packages: apt-get update has failed");

    Map<String, String> before = tags();
    Launched rebuild = run("rebuild", name, "--variant=./web.yaml", "--if-needed", "--push");
    assertThat(rebuild.status()).as(rebuild.err()).isEqualTo(6);
    assertThat(rebuild.out()).contains("unknown, not built");
    assertThat(tags()).isEqualTo(before);
  }

  /** Its list of indexes stays the same, whatever is in them. */
  @Test
  void checkWhenTheArchiveListsNoDigestsReadsTheIndexesEachTime() throws Exception {
    packages.withoutDigests();
    assertThat(check(0)).contains("fresh");
    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    assertThat(check(5)).contains("security: tool 1.0 → 1.1");
    packages.mood = LocalPackages.Mood.HALF;
    assertThat(check(6)).contains("unknown: packages: apt-get update has failed");
  }

  @Test
  void checkWhenTheListsAreNoLongerValidSaysUnknown() throws Exception {
    packages.validUntil(Instant.now().plus(Duration.ofDays(1)));
    assertThat(check(0)).contains("fresh");
    packages.validUntil(Instant.now().minus(Duration.ofDays(1)));
    assertThat(check(6)).contains("unknown: packages: apt-get update has failed");
  }

  @Test
  void buildOnASnapshotTakesListsThatAreNoLongerValid() throws Exception {
    packages.validUntil(Instant.now().minus(Duration.ofDays(1)));
    String now = "--mirror=" + packages.address() + "/";
    Launched refused = run("build", "--variant=./web.yaml", "--name", name, "--no-test", now);
    assertThat(refused.status()).as(refused.err()).isEqualTo(40);
    String then = now + "20261101T000000Z/";
    Launched built =
        run("build", "--variant=./web.yaml", "--name", name, "--push", "--no-test", then);
    assertThat(built.status()).as(built.err()).isZero();
    assertThat(check(0, then)).contains("fresh");
    // The image tells its mirror.
    assertThat(check(0)).contains("fresh");
    assertThat(check(5, now)).contains("the variant has changed");
    Launched same = run("verify", name + ":web", "--variant=./web.yaml");
    assertThat(same.out()).as(same.err()).startsWith("the same ");
  }

  @Test
  void checkWhenTheArchiveIsEmptySaysUnknown() throws Exception {
    packages.clear();
    assertThat(check(6)).contains("has brought no list of packages");
  }

  @Test
  void checkWhenTheBaseIsGoneSaysUnknown() throws Exception {
    String digest = tags(server.host() + "/base").get(String.valueOf(tests));
    assertThat(server.raw("DELETE", "/v2/base/manifests/" + digest).statusCode()).isEqualTo(202);
    assertThat(check(6))
        .contains("unknown: the base could not be looked up")
        .contains("no such tag");
  }

  @Test
  void checkWhenTheReleaseHasEndedSaysThatNothingPatchesIt() throws Exception {
    variant("2026-06-30");
    Launched built = run("--variant", "./web.yaml", "--name", name, "--push", "--no-test");
    assertThat(built.status()).as(built.err()).isZero();
    assertThat(check(7))
        .contains("cannot be patched\n")
        .contains("the support of the release has ended on 2026-06-30")
        .doesNotContain("fresh");
    Map<String, String> before = tags();
    Launched rebuild = run("rebuild", name, "--variant=./web.yaml", "--if-needed", "--push");
    assertThat(rebuild.status()).as(rebuild.err()).isZero();
    assertThat(tags()).isEqualTo(before);

    packages.mood = LocalPackages.Mood.DOWN;
    assertThat(check(7)).contains("cannot be patched\n").contains("unknown: packages:");
    packages.mood = LocalPackages.Mood.WELL;

    packages.add(LocalPackages.SECURITY, "tool", "1.1");
    assertThat(check(5)).contains("security: tool 1.0 → 1.1").contains("cannot be patched:");
  }

  @Test
  void checkWhenTheVariantHasChangedSaysSo() throws Exception {
    Path file = here.resolve("web.yaml");
    Files.writeString(file, Files.readString(file) + "environment: {NEW: one}\n");
    assertThat(check(5)).contains("the variant has changed");
    assertThat(check(5, "--max-age=1")).doesNotContain("days ago");
  }

  private String check(int status, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("check", name, "--variant", "./web.yaml"));
    words.addAll(List.of(more));
    Launched check = run(words.toArray(String[]::new));
    assertThat(check.status()).as(check.out() + check.err()).isEqualTo(status);
    return check.out();
  }

  private Launched run(String... arguments) throws Exception {
    return Launched.run(here, LONG, arguments);
  }

  private String version(int number) throws Exception {
    return tags().keySet().stream()
        .filter(tag -> tag.startsWith("web-"))
        .findFirst()
        .orElseThrow()
        .replaceFirst("^web-", "")
        .replaceFirst("-\\d+$", "-%03d".formatted(number));
  }

  private static Map<String, String> versions(Map<String, String> tags) {
    Map<String, String> versions = new TreeMap<>(tags);
    versions.keySet().removeIf(tag -> !tag.matches(".*-\\d{3}"));
    return versions;
  }

  private Map<String, String> tags() throws Exception {
    return tags(name);
  }

  /** Each tag with the digest that it points to, as skopeo sees them. */
  private static Map<String, String> tags(String repository) throws Exception {
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode tag : JSON.readTree(skopeo("list-tags", repository)).path("Tags")) {
      String raw = skopeo("inspect", repository + ":" + tag.asText(), "--raw");
      tags.put(
          tag.asText(),
          io.baseimage.image.Digest.of(raw.getBytes(StandardCharsets.UTF_8)).toString());
    }
    return tags;
  }

  private JsonNode manifest(String tag) throws Exception {
    return JSON.readTree(skopeo("inspect", name + ":" + tag, "--raw"));
  }

  private static String skopeo(String command, String name, String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("skopeo", command));
    line.addAll(List.of(more));
    line.addAll(List.of("--tls-verify=false", "docker://" + name));
    Process skopeo = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(skopeo.waitFor()).as(output).isZero();
    return output;
  }
}

package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Shipped variants, really built and checked; what was proven is kept in a file to read. The
 * variable PROVE names others, by names or patterns.
 */
@Tag("docker")
@Isolated("two suites are as much as a small machine bears")
final class ProvenVariantsIT {
  private static final Path PROVEN = Path.of("target", "variants-proven.txt").toAbsolutePath();
  private static final Pattern NO_NETWORK =
      Pattern.compile(
          "(?is)- bootstrapping: .*(could not (resolve|connect)|connection (refused|timed out)|temporary failure|no such"
              + " host|network is unreachable)");

  /**
   * One of each kind: a distribution's oldest and newest, each daemon, each set of features. The
   * full one begins with all steps of the plain one.
   */
  private static final String USUAL =
      "amazonlinux-2023 debian-12 debian-13 ubuntu-16.04 ubuntu-24.04-full" + " ubuntu-24.04-lite";

  private static final List<String> VARIANTS =
      List.copyOf(
          VariantCatalog.open(Path.of("variants"))
              .matching(
                  List.of(
                      Optional.ofNullable(System.getenv("PROVE")).orElse(USUAL).split("[ ,]+"))));

  // Builds wait for archives and for cron's minute, so two at a time take hardly longer than one.
  private static final ExecutorService TWO_AT_A_TIME = Executors.newFixedThreadPool(2);
  private static final Map<String, Future<Launched>> BUILDS = new HashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void begin() throws IOException {
    Files.createDirectories(PROVEN.getParent());
    Files.writeString(PROVEN, "");
    for (String variant : VARIANTS) {
      BUILDS.put(
          variant,
          TWO_AT_A_TIME.submit(
              () -> {
                List<String> arguments =
                    new ArrayList<>(
                        List.of(
                            "--variant",
                            variant,
                            "--name",
                            "proven/baseimage",
                            // Each suite has half of the machine.
                            "--timeout-scale=2",
                            "--no-cache"));
                if (StandIn.isNeededFor(variant)) {
                  arguments.addAll(StandIn.options(variant, folder));
                }
                return Launched.run(
                    folder, Duration.ofMinutes(15), arguments.toArray(String[]::new));
              }));
    }
  }

  @AfterAll
  static void end() {
    TWO_AT_A_TIME.shutdownNow();
  }

  private static List<String> variants() {
    return VARIANTS;
  }

  /** What the image is called in the repository. */
  private static String tag(String variant) {
    return StandIn.isNeededFor(variant) ? variant + "-stand-in" : variant;
  }

  @ParameterizedTest
  @MethodSource("variants")
  void buildGivesACheckedImage(String variant) throws Exception {
    Launched build = Objects.requireNonNull(BUILDS.get(variant)).get();
    if (lacksArchive(variant, build)) {
      // Debian's variants carry the proof where Ubuntu's archive is out of reach; it is said.
      record(variant + ": NOT BUILT, its archive could not be reached");
      throw new TestAbortedException(variant + "'s archive could not be reached:\n" + build.err());
    }
    assertThat(build.status()).as(build.err() + build.out()).isZero();

    JsonNode metadata =
        new ObjectMapper()
            .readTree(
                folder.resolve("build").resolve(tag(variant)).resolve("metadata.json").toFile());
    String immutable = metadata.path("names").path(0).asText();
    assertThat(immutable).matches("proven/baseimage:" + tag(variant) + "-20\\d\\d\\.\\d\\d-\\d{3}");
    assertThat(metadata.path("checks").path("broken").asInt(-1)).isZero();
    assertThat(metadata.path("checks").path("hold").asInt()).isGreaterThan(50);
    // What is below a stand-in's own packages is nobody's.
    assertThat(metadata.path("packages").size())
        .isGreaterThan(variant.startsWith("amazonlinux") ? 12 : 50);
    assertThat(Launched.docker("inspect", "--format", "{{.Id}}", immutable))
        .isEqualTo(metadata.path("image").path("id").asText());
    assertThat(
            Launched.docker("inspect", "--format", "{{.Id}}", "proven/baseimage:" + tag(variant)))
        .isEqualTo(metadata.path("image").path("id").asText());
    assertThat(build.out()).contains("version", "added size", "checks");
    assertThat(metadata.path("image").path("addedBytes").asLong())
        .isPositive()
        .isLessThan(limit(variant));
    if (StandIn.isNeededFor(variant)) {
      assertThat(metadata.path("base").path("standIn").asText()).isNotEmpty();
    }
    if (variant.startsWith("amazonlinux")) {
      looksAsUsersOfAmazonLinuxKnowIt(immutable);
    }
    record(
        "%s%s: %s, base %s, %.1f MB added, %d checks hold, %d not applicable"
            .formatted(
                variant,
                StandIn.isNeededFor(variant) ? " on a stand-in for its base" : "",
                immutable,
                metadata.path("base").path("source").asText(),
                metadata.path("image").path("addedBytes").asLong() / 1e6,
                metadata.path("checks").path("hold").asInt(),
                metadata.path("checks").path("notApplicable").asInt()));
  }

  /** Whether a build of a variant of Ubuntu has failed because its archive is out of reach. */
  static boolean lacksArchive(String variant, Launched build) {
    return build.status() == ExitCode.BASE.code()
        && variant.startsWith("ubuntu")
        && NO_NETWORK.matcher(build.err()).find();
  }

  /** The tree of processes, the environment and the user that images of this family always had. */
  private static void looksAsUsersOfAmazonLinuxKnowIt(String image) throws Exception {
    String container = Launched.docker("run", "--detach", image);
    try {
      String ready = "until container-ready >/dev/null; do sleep 0.2; done; ";
      assertThat(
              Launched.docker(
                  "exec", container, "timeout", "30", "sh", "-c", ready + "pstree -A -T"))
          .matches("my_init---runsvdir-\\+-runsv---(crond|rsyslogd)\\s+`-runsv---(crond|rsyslogd)");
      JsonNode environment =
          new ObjectMapper()
              .readTree(
                  Launched.docker("exec", container, "cat", "/etc/container_environment.json"));
      assertThat(environment.path("HOME").asText()).isEqualTo("/root");
      assertThat(environment.path("PS1").asText()).isEqualTo("[\\u@\\h] \\w \\$ ");
      assertThat(environment.path("TERM").asText()).isEqualTo("xterm");
      assertThat(environment.path("LC_CTYPE")).isEqualTo(environment.path("LANG"));
    } finally {
      Launched.docker("rm", "--force", container);
    }
  }

  /**
   * What an image may add to its base, in bytes; the full ones half of what phusion's adds.
   * Packages that were upgraded since the base was made are added, too: two megabytes are for them.
   */
  private static long limit(String variant) {
    return 2_000_000L
        + (variant.endsWith("-full")
            ? 93_500_000
            : variant.endsWith("-zh_CN") ? 30_000_000 : 20_000_000);
  }

  private static void record(String line) throws IOException {
    Files.writeString(PROVEN, line + "\n", StandardOpenOption.APPEND);
  }
}

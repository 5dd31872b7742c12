package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Images as others have written them for phusion/baseimage, built on ours without a change. Each
 * folder holds a Dockerfile, which says on which variant, and a script that tries the image. The
 * variable CHILDREN names some of them.
 */
@Tag("docker")
final class ChildImagesIT {
  private static final Path IMAGES = Path.of("src", "test", "images").toAbsolutePath();
  private static final Pattern BASE =
      Pattern.compile("\\AARG BASE=baseimage:(\\S+)\nFROM \\$\\{BASE}\n");
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(4);
  private static final Duration TEST_LIMIT = Duration.ofMinutes(3);

  /** Of this run alone: the engine may have other users. */
  private static final String REPOSITORY =
      "localhost/children-" + Long.toString(System.nanoTime(), 36);

  private static final ExecutorService ONE_AFTER_ANOTHER = Executors.newSingleThreadExecutor();
  private static final Map<String, Future<Launched>> PARENTS = new HashMap<>();

  @TempDir private static Path folder;

  private static List<String> children() throws IOException {
    String some = System.getenv("CHILDREN");
    if (some != null) {
      return List.of(some.split("[ ,]+", -1));
    }
    try (Stream<Path> folders = Files.list(IMAGES)) {
      return folders
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  static void buildParents() throws IOException {
    for (String child : children()) {
      PARENTS.computeIfAbsent(
          variantOf(child), variant -> ONE_AFTER_ANOTHER.submit(() -> build(variant)));
    }
  }

  @AfterAll
  static void removeParents() throws Exception {
    ONE_AFTER_ANOTHER.shutdownNow();
    for (String name :
        Launched.docker("images", "--format", "{{.Repository}}:{{.Tag}}", REPOSITORY)
            .lines()
            .toList()) {
      Launched.docker("rmi", name);
    }
  }

  @ParameterizedTest
  @MethodSource("children")
  @Execution(ExecutionMode.CONCURRENT)
  void childWhenBuiltOnOurImageServesLogsReloadsAndStops(String child) throws Exception {
    String variant = variantOf(child);
    Launched parent = Objects.requireNonNull(PARENTS.get(variant)).get();
    if (ProvenVariantsIT.lacksArchive(variant, parent)) {
      throw new TestAbortedException(variant + "'s archive could not be reached:\n" + parent.err());
    }
    assertThat(parent.status()).as(parent.err()).isZero();

    String image = REPOSITORY + "/" + child;
    try {
      run(
          BUILD_LIMIT,
          "docker",
          "build",
          "--force-rm",
          "--build-arg",
          "BASE=" + REPOSITORY + ":" + variant,
          "--tag",
          image,
          IMAGES.resolve(child).toString());
      run(TEST_LIMIT, IMAGES.resolve(child).resolve("test").toString(), image);
      assertThat(containersOf(image)).as("containers that the test has left").isEmpty();
    } finally {
      for (String container : containersOf(image)) {
        Launched.docker("rm", "--force", "--volumes", container);
      }
      Launched.docker("rmi", image);
    }
  }

  private static String variantOf(String child) throws IOException {
    String dockerfile = Files.readString(IMAGES.resolve(child).resolve("Dockerfile"));
    Matcher base = BASE.matcher(dockerfile);
    assertThat(base.find()).as(child + "'s Dockerfile names its variant").isTrue();
    return base.group(1);
  }

  /** A shipped variant, or one that is only for these images. */
  private static Launched build(String variant) throws IOException, InterruptedException {
    Path own = IMAGES.resolve(variant + ".yaml");
    return Launched.run(
        folder,
        Duration.ofMinutes(15),
        "--variant",
        Files.exists(own) ? own.toString() : variant,
        "--name",
        REPOSITORY,
        "--no-test");
  }

  private static List<String> containersOf(String image) throws Exception {
    return Launched.docker("ps", "--all", "--quiet", "--filter", "ancestor=" + image)
        .lines()
        .toList();
  }

  /** Runs a command that has to end well and in time; if not, what it has said is told. */
  private static void run(Duration limit, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "child", ".out");
    // Its whole group gets TERM, so that a script has the time to show and remove its containers.
    List<String> limited =
        new ArrayList<>(List.of("timeout", "--kill-after=30", String.valueOf(limit.toSeconds())));
    limited.addAll(List.of(command));
    int status =
        new ProcessBuilder(limited)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertThat(status)
        .as(
            "status of %s (124: not ended within %s):\n%s",
            String.join(" ", command), limit, Files.readString(output))
        .isZero();
  }
}

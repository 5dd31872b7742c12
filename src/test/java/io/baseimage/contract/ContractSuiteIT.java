package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The suite against images that keep and that break the contract. The image that keeps it is built
 * by the toolkit, unless the system property {@code baseimage.test.image} names another.
 */
@Tag("docker")
final class ContractSuiteIT {
  private static final String ENGINE =
      Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");

  /** What takes longer than this in a broken image is broken enough. */
  private static final double HURRY = 0.4;

  @TempDir private Path context;

  @BeforeAll
  static void buildTheGoodImage() throws IOException, InterruptedException {
    if (System.getProperty("baseimage.test.image") == null) {
      Path log = Path.of("target", "contract-it.log");
      Process build =
          new ProcessBuilder(
                  "./baseimage-build",
                  "--variant=debian-12",
                  "--name=contract-it/good",
                  "--no-test",
                  "--output=target/contract-it")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(build.waitFor()).as(log.toString()).isZero();
    }
  }

  private static List<Breakage> breakages() {
    return Breakage.all();
  }

  @Test
  void checkWhenTheImageIsGoodEverythingHolds() {
    CheckReport report = check(goodImage(), 1);
    assertThat(broken(report.results())).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(leftContainers(goodImage())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("breakages")
  void checkWhenTheImageIsBrokenItsLinesGoRed(Breakage breakage) throws IOException {
    String image = build("FROM " + goodImage() + "\n" + String.join("\n", breakage.dockerfile()));
    try {
      List<ListedCheck> checks =
          ContractSuite.list().stream()
              .filter(
                  check -> check.lines().stream().anyMatch(l -> breakage.red().contains(l.id())))
              .toList();
      CheckReport report =
          new ContractSuite(ENGINE)
              .check(new CheckRequest(image, Optional.empty(), HURRY), new RecordingLog(), checks);
      Set<String> red = new TreeSet<>();
      broken(report.results()).forEach(result -> red.addAll(result.lines()));
      assertThat(red).as(report.results().toString()).containsAll(breakage.red());
      assertThat(leftContainers(image)).isEmpty();
    } finally {
      remove(image);
    }
  }

  @Test
  void checkWhenTheImageHasNoShellEndsSoonAndNothingIsForgotten() throws IOException {
    Files.writeString(context.resolve("file"), "content\n");
    String image = build("FROM scratch\nCOPY file /file\nCMD [\"/file\"]");
    try {
      CheckReport report = check(image, 1);
      assertThat(report.passed()).isFalse();
      assertThat(report.count(Outcome.HOLDS)).isZero();
      assertThat(report.results()).hasSameSizeAs(ContractSuite.list());
      assertThat(report.took()).isLessThan(Duration.ofSeconds(15));
    } finally {
      remove(image);
    }
  }

  @Test
  void checkWhenTheEngineHasNoSuchImageSaysSo() {
    assertThatThrownBy(() -> check("no-such-image:at-all", 1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no-such-image:at-all");
  }

  @Test
  void checkWhenInterruptedLeavesNoContainer() throws InterruptedException {
    RecordingLog log = new RecordingLog();
    FutureTask<CheckReport> work =
        new FutureTask<>(
            (Callable<CheckReport>)
                () ->
                    new ContractSuite(ENGINE)
                        .check(new CheckRequest(goodImage(), Optional.empty(), 1), log));
    Thread thread = new Thread(work);
    thread.start();
    log.first.await();
    thread.interrupt();
    assertThatThrownBy(work::get).hasCauseInstanceOf(InterruptedRunException.class);
    assertThat(leftContainers(goodImage())).isEmpty();
  }

  private static CheckReport check(String image, double scale) {
    return new ContractSuite(ENGINE)
        .check(new CheckRequest(image, Optional.empty(), scale), new RecordingLog());
  }

  private static List<CheckResult> broken(List<CheckResult> results) {
    return results.stream().filter(result -> result.outcome() == Outcome.BROKEN).toList();
  }

  private static String goodImage() {
    return System.getProperty("baseimage.test.image", "contract-it/good:debian-12");
  }

  private static DockerClient client() {
    return Connection.to(ENGINE);
  }

  private String build(String dockerfile) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile + "\n");
    String tag = "localhost/contract-it:" + UUID.randomUUID();
    client()
        .buildImageCmd(context.toFile())
        .withTags(Set.of(tag))
        .withRemove(true)
        .withForcerm(true)
        .exec(new BuildImageResultCallback())
        .awaitImageId();
    return tag;
  }

  private static void remove(String image) {
    client().removeImageCmd(image).withForce(true).exec();
  }

  private static List<String> leftContainers(String image) {
    return client()
        .listContainersCmd()
        .withShowAll(true)
        .withAncestorFilter(List.of(image))
        .exec()
        .stream()
        .map(container -> container.getId() + " " + container.getCommand())
        .toList();
  }
}

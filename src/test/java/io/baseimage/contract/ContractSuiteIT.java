package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite against images that keep and that break the contract. */
@Tag("docker")
final class ContractSuiteIT {
  /** What takes longer than this in a broken image is broken enough. */
  private static final double HURRY = 0.4;

  /** The good image: to the engine, containers of images made of it are its own, too. */
  static final String GOOD = "the good image";

  @TempDir private Path context;

  private static List<Breakage> breakages() {
    return Breakage.all();
  }

  @Test
  @ResourceLock(GOOD)
  void checkWhenTheImageIsGoodEverythingHolds() throws Exception {
    CheckReport report = TestImages.check(TestImages.good(), 2);
    assertThat(broken(report.results())).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(TestImages.containersOf(TestImages.good())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("breakages")
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = GOOD, mode = ResourceAccessMode.READ)
  void checkWhenTheImageIsBrokenItsLinesGoRed(Breakage breakage) throws Exception {
    String image =
        TestImages.build(
            context, "FROM " + TestImages.good() + "\n" + String.join("\n", breakage.dockerfile()));
    try {
      List<ListedCheck> checks =
          ContractSuite.list().stream()
              .filter(
                  check -> check.lines().stream().anyMatch(l -> breakage.red().contains(l.id())))
              .toList();
      CheckReport report =
          new ContractSuite(TestImages.ENGINE)
              .check(new CheckRequest(image, Optional.empty(), HURRY), new RecordingLog(), checks);
      Set<String> red = new TreeSet<>();
      broken(report.results()).forEach(result -> red.addAll(result.lines()));
      assertThat(red).as(report.results().toString()).containsAll(breakage.red());
      assertThat(TestImages.containersOf(image)).isEmpty();
    } finally {
      TestImages.remove(image);
    }
  }

  @Test
  void checkWhenTheEngineHasNoSuchImageSaysSo() {
    assertThatThrownBy(() -> TestImages.check("no-such-image:at-all", 1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no-such-image:at-all");
  }

  @Test
  @ResourceLock(GOOD)
  void checkWhenInterruptedLeavesNoContainer() throws Exception {
    RecordingLog log = new RecordingLog();
    FutureTask<CheckReport> work =
        new FutureTask<>(
            (Callable<CheckReport>)
                () ->
                    new ContractSuite(TestImages.ENGINE)
                        .check(new CheckRequest(TestImages.good(), Optional.empty(), 1), log));
    Thread thread = new Thread(work);
    thread.start();
    log.first.await();
    thread.interrupt();
    assertThatThrownBy(work::get).hasCauseInstanceOf(InterruptedRunException.class);
    assertThat(TestImages.containersOf(TestImages.good())).isEmpty();
  }

  private static List<CheckResult> broken(List<CheckResult> results) {
    return results.stream().filter(result -> result.outcome() == Outcome.BROKEN).toList();
  }
}

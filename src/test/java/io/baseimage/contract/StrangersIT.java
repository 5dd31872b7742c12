package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The suite against images that nobody made for it: line by line, and soon. */
@Tag("docker")
@ResourceLock(value = ContractSuiteIT.GOOD, mode = ResourceAccessMode.READ)
final class StrangersIT {
  @TempDir private Path context;

  @Test
  void checkWhenTheImageIsOneStaticProgramNothingHoldsAndNothingIsForgotten() throws Exception {
    CheckReport report =
        check(
            "FROM %s AS programs\nFROM scratch\nCOPY --from=programs /sbin/setuser /program\n"
                + "CMD [\"/program\"]",
            1);
    assertThat(report.passed()).isFalse();
    // It has no label, so none that holds a version: that one line is true of it.
    assertThat(outcomes(report, "META-2")).containsOnly(Outcome.HOLDS);
    assertThat(report.count(Outcome.HOLDS)).isOne();
    assertThat(details(report, "BOOT-1")).containsOnly("the image has no /bin/sh");
    assertThat(report.took()).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void checkWhenNoContainerStartsEachLineSaysWhy() throws Exception {
    CheckReport report = check("FROM %s\nUSER no-such-user", 1);
    assertThat(report.passed()).isFalse();
    assertThat(details(report, "BOOT-1"))
        .allSatisfy(
            detail -> assertThat(detail).contains("cannot be started").contains("no-such-user"));
    assertThat(report.took()).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void checkWhenThereIsNoInitTheRestIsCheckedAllTheSame() throws Exception {
    CheckReport report = check("FROM %s\nRUN rm /sbin/my_init\nCMD [\"true\"]", 1, "BOOT", "PKG-4");
    assertThat(outcomes(report, "PKG-4")).containsOnly(Outcome.HOLDS);
    assertThat(outcomes(report, "BOOT")).containsOnly(Outcome.BROKEN);
    assertThat(details(report, "BOOT")).containsOnly("the image has no /sbin/my_init");
  }

  @Test
  void checkWhenTheInitEndsAtOnceNoCheckWaitsForIt() throws Exception {
    CheckReport report =
        check("FROM %s\nRUN ln -sf /bin/true /sbin/my_init", 1, "PID1", "STOP", "SVC");
    assertThat(report.count(Outcome.HOLDS)).isZero();
    assertThat(report.took()).isLessThan(Duration.ofSeconds(45));
  }

  @Test
  void checkWhenTheInitHangsTheRunHasAnEndAndSaysWhatWasNotTried() throws Exception {
    CheckReport report =
        check(
            "FROM %s\nRUN rm /sbin/my_init && printf '#!/bin/sh\\ntrap \"\" TERM INT HUP\\n"
                + "while :; do sleep 1; done\\n' >/sbin/my_init && chmod 755 /sbin/my_init",
            0.25);
    assertThat(outcomes(report, "BOOT")).doesNotContain(Outcome.HOLDS);
    assertThat(details(report, "STOP")).anyMatch(detail -> detail.startsWith("not tried, for"));
    assertThat(outcomes(report, "PKG-4")).containsOnly(Outcome.HOLDS);
    assertThat(report.took()).isLessThan(Duration.ofSeconds(90));
  }

  /** No variant of this kind can be built everywhere; its one line of its own is tried so. */
  @Test
  void checkWhenTheImageHasDnfAndItsUserThatHolds() throws Exception {
    CheckReport report =
        check(
            "FROM %s\nRUN ln -s true /usr/bin/dnf && groupadd -g 500 ll-user"
                + " && useradd -u 500 -g 500 ll-user",
            1, "PKG-5");
    assertThat(outcomes(report, "PKG-5")).containsExactly(Outcome.HOLDS);
  }

  /** What others' images have: a script of Python, slow, deaf to TERM, that loses exit statuses. */
  @Test
  void checkWhenTheInitIsAnImitationSaysWhatItCannot() throws Exception {
    try (InputStream init = StrangersIT.class.getResourceAsStream("imitation.py")) {
      Files.copy(Objects.requireNonNull(init), context.resolve("my_init"));
    }
    CheckReport report =
        check(
            "FROM %s\nRUN install_clean python3-minimal\nCOPY my_init /sbin/my_init\n"
                + "RUN chmod 755 /sbin/my_init",
            0.4, "BOOT-1", "ENV-7", "PID1-1", "PID1-2", "PID1-7", "SVC-2", "SVC-3", "STOP-1",
            "PKG-6");
    Map<String, Set<Outcome>> seen = new TreeMap<>();
    report.results().forEach(result -> seen.put(result.name(), Set.of(result.outcome())));
    assertThat(seen)
        .as(report.results().toString())
        .containsEntry("Boot.initIsDefaultCommand", Set.of(Outcome.HOLDS))
        .containsEntry("Service.controlled", Set.of(Outcome.HOLDS))
        .containsEntry("Service.addedLater", Set.of(Outcome.HOLDS))
        .containsEntry("Pid1.orphansAreReaped", Set.of(Outcome.BROKEN))
        .containsEntry("ExitStatus.deathBySignal", Set.of(Outcome.BROKEN))
        .containsEntry("Pid1.gracefulStop", Set.of(Outcome.BROKEN))
        .containsEntry("Stop.stopInOrder", Set.of(Outcome.BROKEN))
        .containsEntry("Compat.programs", Set.of(Outcome.BROKEN));
    assertThat(report.took()).isLessThan(Duration.ofSeconds(90));
  }

  /** Checks an image made of the good one; the lines are all, or those that begin so. */
  private CheckReport check(String dockerfile, double scale, String... lines)
      throws IOException, InterruptedException {
    String image = TestImages.build(context, dockerfile.formatted(TestImages.good()));
    try {
      List<ListedCheck> checks =
          ContractSuite.list().stream()
              .filter(
                  check ->
                      lines.length == 0
                          || check.lines().stream()
                              .anyMatch(
                                  line -> List.of(lines).stream().anyMatch(line.id()::startsWith)))
              .toList();
      CheckReport report =
          new ContractSuite(TestImages.ENGINE)
              .check(new CheckRequest(image, Optional.empty(), scale), new RecordingLog(), checks);
      assertThat(report.results()).hasSameSizeAs(checks);
      assertThat(TestImages.containersOf(image)).isEmpty();
      return report;
    } finally {
      TestImages.remove(image);
    }
  }

  private static List<CheckResult> of(CheckReport report, String line) {
    return report.results().stream()
        .filter(result -> result.lines().stream().anyMatch(id -> id.startsWith(line)))
        .toList();
  }

  private static List<Outcome> outcomes(CheckReport report, String line) {
    return of(report, line).stream().map(CheckResult::outcome).toList();
  }

  private static List<String> details(CheckReport report, String line) {
    return of(report, line).stream().map(result -> result.detail().orElse("")).toList();
  }
}

package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.SeveralBuilds.Result;
import io.baseimage.variant.VariantCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SummaryOfSeveralTest {
  private static final String BEGINNING =
      "Tried to build localhost/x:1, but step 5 of 9, RUN set -eu;  apt-get … ended with exit status"
          + " 7";

  @Test
  void ofWhenAStepFailsSaysWhatItPrintedLast() {
    assertThat(reason(failed(BEGINNING + "\nThe end of its output:\n  Get:1 http://x\n  oops\n  ")))
        .isEqualTo("failed: step 5 of 9 ended with exit status 7: oops");
  }

  @Test
  void ofWhenAStepFailsInAptSaysAptsReasonAndNoAdvice() {
    assertThat(
            reason(
                failed(
                    BEGINNING
                        + "\nThe end of its output:\n  E: No such package\n  left over\n"
                        + "Look elsewhere.")))
        .isEqualTo("failed: step 5 of 9 ended with exit status 7: E: No such package");
  }

  @Test
  void ofWhenAStepPrintsNothingSaysHowItEnded() {
    assertThat(reason(failed(BEGINNING))).isEqualTo("failed: step 5 of 9 ended with exit status 7");
  }

  @Test
  void ofWhenTheRunWasInterruptedSaysThatAlone() {
    assertThat(reason(new InterruptedRunException("building localhost/x:1")))
        .isEqualTo("failed: interrupted");
  }

  private static EngineException failed(String message) {
    return new EngineException(EngineException.Kind.BUILD, message);
  }

  private static String reason(RuntimeException failure) {
    Result result =
        new Result(
            VariantCatalog.open(Path.of("variants")).get("debian-12"),
            List.of(),
            Optional.of(failure),
            Duration.ZERO);
    String row = SummaryOfSeveral.of(List.of(result), Duration.ZERO).lines().toList().get(1);
    return row.substring(row.indexOf("failed"));
  }
}

package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RegistryPatienceTest {
  private final FakeClockwork clockwork = new FakeClockwork();
  private final RunPatience run = new RunPatience(clockwork);
  private final Patience patience = new Patience(Retries.USUAL, run, clockwork);
  private final long first = patience.now();

  @Test
  void pauseDoublesUpToItsBoundWhenFailuresGoOn() {
    assertThat(patience.pause(first, 1, true, Optional.empty())).contains(Duration.ofMillis(250));
    assertThat(patience.pause(first, 2, true, Optional.empty())).contains(Duration.ofMillis(500));
    assertThat(patience.pause(first, 5, true, Optional.empty())).contains(Duration.ofSeconds(4));
    assertThat(patience.pause(first, 500, true, Optional.empty())).contains(Duration.ofSeconds(15));
  }

  @Test
  void pauseIsNoneWhenRegistryAsksForTooLong() {
    assertThat(patience.pause(first, 1, true, Optional.of(Duration.ofSeconds(590)))).isPresent();
    assertThat(patience.pause(first, 1, true, Optional.of(Duration.ofSeconds(601)))).isEmpty();
  }

  @Test
  void pauseIsNoneWhenTheRunHasWaitedForAnHour() throws Exception {
    Patience other = new Patience(Repositories.quick(), run, clockwork);
    for (int minutes = 0; minutes < 54; minutes += 9) {
      // Work that succeeds in the end each time, of this registry and of that.
      Optional<Duration> pause =
          (minutes % 2 == 0 ? patience : other)
              .pause(patience.now(), 1, true, Optional.of(Duration.ofMinutes(9)));
      assertThat(pause).as("after %d min", minutes).isPresent();
      clockwork.sleep(pause.get());
      patience.succeeded();
    }
    assertThat(patience.end()).contains("600 s");

    assertThat(patience.pause(patience.now(), 1, true, Optional.of(Duration.ofMinutes(9))))
        .isEmpty();
    assertThat(patience.end()).contains("This run").contains("3600 s");
    assertThat(other.pause(patience.now(), 1, true, Optional.empty())).isEmpty();
  }

  @Test
  void pausesCountOnceWhenSeveralWaitAtTheSameTime() throws Exception {
    for (int minutes = 0; minutes < 54; minutes += 9) {
      for (int thread = 0; thread < 8; thread++) {
        assertThat(patience.pause(patience.now(), 1, true, Optional.of(Duration.ofMinutes(9))))
            .isPresent();
      }
      clockwork.sleep(Duration.ofMinutes(9));
    }
  }

  @Test
  void patienceIsATenthWhenNobodyEverAnswered() throws Exception {
    assertThat(patience.pause(first, 1, false, Optional.empty())).isPresent();
    clockwork.sleep(Duration.ofSeconds(61));
    assertThat(patience.pause(first, 2, false, Optional.empty())).isEmpty();
    assertThat(patience.pause(first, 2, true, Optional.empty())).isPresent();
  }

  @Test
  void patienceCountsFromTheFirstFailureOfTheWorkWhateverElseSucceeds() throws Exception {
    assertThat(patience.pause(first, 1, true, Optional.empty())).isPresent();
    clockwork.sleep(Duration.ofMinutes(11));
    patience.succeeded();
    assertThat(patience.pause(first, 2, true, Optional.empty())).isEmpty();
    assertThat(patience.pause(patience.now(), 1, true, Optional.empty())).isPresent();
  }
}

package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestNamesTest {

  @ParameterizedTest
  @CsvSource({
    "cat, cat, 0",
    "cat, car, 1",
    "cat, cart, 1",
    "cart, cat, 1",
    "cat, act, 1",
    "'', abc, 3",
    "kitten, sitting, 3"
  })
  void distanceWhenNamesDifferCountsEdits(String from, String to, int edits) {
    assertThat(NearestNames.distance(from, to)).isEqualTo(edits);
  }

  @Test
  void ofWhenANameIsMistypedGivesTheNearest() {
    List<String> known = List.of("ubuntu-16.04", "ubuntu-24.04", "debian-12");

    assertThat(NearestNames.of("UBUNTU-24.4", known)).containsExactly("ubuntu-24.04");
    assertThat(NearestNames.of("debian-2", known)).containsExactly("debian-12");
    assertThat(NearestNames.of("ubuntu-20.04", known))
        .containsExactly("ubuntu-24.04", "ubuntu-16.04");
    assertThat(NearestNames.of("fedora", known)).isEmpty();
    assertThat(NearestNames.of("", known)).isEmpty();
  }

  @Test
  void hintWhenNothingIsNearIsEmpty() {
    assertThat(NearestNames.hint("fedora", List.of("debian-12"))).isEmpty();
    assertThat(NearestNames.hint("debain-12", List.of("debian-12")))
        .isEqualTo("; did you mean 'debian-12'?");
  }
}

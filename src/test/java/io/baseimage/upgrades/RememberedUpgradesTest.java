package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import io.baseimage.upgrades.RememberedUpgrades.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RememberedUpgradesTest {
  private static final String MAIN = "http://archive.example/debian/dists/bookworm/InRelease";
  private static final String SECURITY = "http://archive.example/security/InRelease";
  private static final Digest IMAGE = image(0);

  private static final Finding FINDING =
      new Finding(
          Map.of(MAIN, "a1", SECURITY, "b2"),
          List.of(
              new Upgrade("libc6", "2.36-9", "2.36-10", Security.YES),
              new Upgrade("tzdata", "2026a", "2026b", Security.NO)));

  @TempDir private Path cache;
  private RememberedUpgrades remembered;

  @BeforeEach
  void open() {
    remembered = new RememberedUpgrades(cache);
  }

  @Test
  void findWhenAnImageIsRememberedIsWhatWasFoundOutOfIt() {
    remembered.remember(IMAGE, FINDING);
    remembered.remember(image(1), new Finding(Map.of(MAIN, "a1"), List.of()));

    assertThat(new RememberedUpgrades(cache).find(IMAGE)).contains(FINDING);
    assertThat(remembered.find(image(1))).contains(new Finding(Map.of(MAIN, "a1"), List.of()));
    assertThat(remembered.find(image(2))).isEmpty();
  }

  @Test
  void findWhenAnImageIsRememberedAgainIsTheLastFinding() {
    remembered.remember(IMAGE, FINDING);
    Finding later = new Finding(Map.of(MAIN, "a2"), List.of());
    remembered.remember(IMAGE, later);

    assertThat(remembered.find(IMAGE)).contains(later);
  }

  @Test
  void holdsWhenEveryIndexIsAsItWas() {
    assertThat(FINDING.holds(Map.of(MAIN, "a1", SECURITY, "b2"))).isTrue();
    assertThat(FINDING.holds(Map.of(MAIN, "a1", SECURITY, "b2", "of another", "c3"))).isTrue();
  }

  @Test
  void holdsWhenAnIndexIsAnotherOrOutOfReachIsFalse() {
    assertThat(FINDING.holds(Map.of(MAIN, "a1", SECURITY, "b3"))).isFalse();
    assertThat(FINDING.holds(Map.of(MAIN, "b2", SECURITY, "a1"))).isFalse();
    assertThat(FINDING.holds(Map.of(MAIN, "a1"))).isFalse();
    assertThat(FINDING.holds(Map.of())).isFalse();
  }

  @Test
  void findWhenTheFileIsNotWholeIsNothing() throws IOException {
    remembered.remember(IMAGE, FINDING);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));

      assertThat(remembered.find(IMAGE)).as("the first %d bytes", length).isEmpty();
    }
    remembered.remember(IMAGE, FINDING);
    assertThat(remembered.find(IMAGE)).contains(FINDING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "\u0000\u0001\u0002",
        "{\"format\": 1, \"releases\": {}, \"upgrades\": []}",
        "{\"format\": 1, \"upgrades\": []}",
        "{\"format\": 1, \"releases\": {\"http://archive.example/InRelease\": \"a1\"}}",
        "{\"format\": 2, \"releases\": {\"http://archive.example/InRelease\": \"a1\"},"
            + " \"upgrades\": []}",
      })
  void findWhenTheFileIsNotOneOfOursIsNothing(String text) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);

    assertThat(remembered.find(IMAGE)).isEmpty();
  }

  @Test
  void rememberWhenSeveralImagesAreFoundOutAtOnceKeepsAllAndNoHalfFiles() throws IOException {
    AtOnce.each(
        IntStream.range(0, 64).boxed().toList(),
        8,
        "remembering",
        number -> {
          remembered.remember(
              image(number % 16),
              new Finding(Map.of(MAIN, "state " + number % 16), FINDING.upgrades()));
          assertThat(remembered.find(image(number % 16))).isPresent();
          return number;
        });

    for (int number = 0; number < 16; number++) {
      assertThat(remembered.find(image(number)).orElseThrow().releases())
          .containsValue("state " + number);
    }
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files).hasSize(16);
    }
  }

  @Test
  void rememberWhenTheCacheCannotBeWrittenRemembersNothing() throws IOException {
    Files.writeString(cache.resolve("upgrades"), "a file where the folder would be");

    remembered.remember(IMAGE, FINDING);

    assertThat(remembered.find(IMAGE)).isEqualTo(Optional.empty());
  }

  private Path file() {
    return cache.resolve("upgrades").resolve(IMAGE.hex());
  }

  private static Digest image(int number) {
    return Digest.of(("image " + number).getBytes(StandardCharsets.UTF_8));
  }
}

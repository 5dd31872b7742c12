package io.baseimage.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageVersionTest {

  @ParameterizedTest
  @ValueSource(strings = {"2000.01-000", "2026.03-007", "2026.11-042", "2099.12-999"})
  void parseWhenWellFormedGivesTheSameText(String text) {
    assertThat(ImageVersion.parse(text)).hasToString(text);
  }

  @Test
  void parseWhenWellFormedGivesItsParts() {
    assertThat(ImageVersion.parse("2026.03-007")).isEqualTo(new ImageVersion("2026.03", 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026.03-00",
        "2026.03-0000",
        "2026.03",
        "2026-03-000",
        "2026.03_000",
        "v2026.03-000",
        "2026.03-000 ",
        "2026.03-000\n",
        "2026.03--01",
        "2026.03-00X",
        "٢٠٢٦.٠٣-٠٠٠"
      })
  void parseWhenMalformedSaysWhatIsExpected(String text) {
    assertThatThrownBy(() -> ImageVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "not a version: '" + text + "' (expected 20YY.MM-NNN, for example 2026.03-000)");
  }

  @Test
  void newWhenAPartIsOutOfRangeNamesIt() {
    assertThatThrownBy(() -> new ImageVersion("2026.01", 1000))
        .hasMessage("not a version: its number is 1000 (expected 0 to 999)");
    assertThatThrownBy(() -> new ImageVersion("noble", 0))
        .hasMessageStartingWith("not a version's series: 'noble'");
  }

  @Test
  void compareToWhenSortedGoesByTheNumbersOfSeriesThenByNumber() {
    List<String> shuffled =
        List.of("2026.10-000", "2026.09-010", "2027.01-000", "2026.09-002", "9.10-000", "9.9-001");

    assertThat(shuffled.stream().map(ImageVersion::parse).sorted())
        .extracting(ImageVersion::toString)
        .containsExactly(
            "9.9-001", "9.10-000", "2026.09-002", "2026.09-010", "2026.10-000", "2027.01-000");
  }
}

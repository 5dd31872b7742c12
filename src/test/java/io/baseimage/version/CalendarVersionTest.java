package io.baseimage.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CalendarVersionTest {

  @ParameterizedTest
  @ValueSource(strings = {"2000.01-000", "2026.03-007", "2026.11-042", "2099.12-999"})
  void parseWhenWellFormedGivesTheSameText(String text) {
    assertThat(CalendarVersion.parse(text)).hasToString(text);
    assertThat(CalendarVersion.isVersion(text)).isTrue();
  }

  @Test
  void parseWhenWellFormedGivesItsParts() {
    assertThat(CalendarVersion.parse("2026.03-007")).isEqualTo(new CalendarVersion(2026, 3, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026.3-000",
        "2026.00-000",
        "2026.13-000",
        "2026.03-00",
        "2026.03-0000",
        "2026.03",
        "2026-03-000",
        "2026.03_000",
        "1999.12-000",
        "2100.01-000",
        "v2026.03-000",
        "2026.03-000 ",
        "2026.03-000\n",
        "2026.03--01",
        "2026.03-00X",
        "٢٠٢٦.٠٣-٠٠٠"
      })
  void parseWhenMalformedSaysWhatIsExpected(String text) {
    assertThatThrownBy(() -> CalendarVersion.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "not a version: '" + text + "' (expected 20YY.MM-NNN, for example 2026.03-000)");
    assertThat(CalendarVersion.isVersion(text)).isFalse();
  }

  @Test
  void newWhenANumberIsOutOfRangeNamesIt() {
    assertThatThrownBy(() -> new CalendarVersion(1999, 1, 0))
        .hasMessage("not a version: its year is 1999 (expected 2000 to 2099)");
    assertThatThrownBy(() -> new CalendarVersion(2026, 0, 0))
        .hasMessage("not a version: its month is 0 (expected 1 to 12)");
    assertThatThrownBy(() -> new CalendarVersion(2026, 1, 1000))
        .hasMessage("not a version: its number is 1000 (expected 0 to 999)");
  }

  @Test
  void compareToWhenSortedGoesByYearMonthNumber() {
    List<String> shuffled =
        List.of("2026.10-000", "2026.09-010", "2027.01-000", "2026.09-002", "2025.12-999");

    assertThat(shuffled.stream().map(CalendarVersion::parse).sorted())
        .extracting(CalendarVersion::toString)
        .containsExactly("2025.12-999", "2026.09-002", "2026.09-010", "2026.10-000", "2027.01-000");
  }
}

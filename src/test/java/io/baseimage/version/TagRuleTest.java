package io.baseimage.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TagRuleTest {
  private static final TagRule RULE = TagRule.usual("ubuntu-24.04");

  @Test
  void nextWhenThereAreNoTagsIsZero() {
    assertThat(next(List.of(), "2026-03-15T12:00:00Z")).isEqualTo("2026.03-000");
  }

  @Test
  void nextWhenTheMonthHasTagsIsOneAboveTheHighest() {
    List<String> tags =
        List.of("ubuntu-24.04-2026.03-000", "ubuntu-24.04-2026.03-009", "ubuntu-24.04-2026.03-001");

    assertThat(next(tags, "2026-03-15T12:00:00Z")).isEqualTo("2026.03-010");
  }

  @Test
  void nextWhenAWithdrawnVersionIsNotThereAnyMoreDoesNotGiveItsNumber() {
    List<String> tags = List.of("ubuntu-24.04-2026.03-000", "ubuntu-24.04-2026.03-001-withdrawn");
    assertThat(next(tags, "2026-03-15T12:00:00Z")).isEqualTo("2026.03-002");
  }

  @Test
  void nextWhenTheMonthTurnsStartsAtZero() {
    List<String> tags = List.of("ubuntu-24.04-2026.03-004");

    assertThat(next(tags, "2026-03-31T23:59:59.999Z")).isEqualTo("2026.03-005");
    assertThat(next(tags, "2026-04-01T00:00:00Z")).isEqualTo("2026.04-000");
  }

  @Test
  void nextWhenTheYearTurnsStartsAtZero() {
    List<String> tags = List.of("ubuntu-24.04-2026.12-004", "ubuntu-24.04-2026.01-007");

    assertThat(next(tags, "2027-01-01T00:00:00Z")).isEqualTo("2027.01-000");
  }

  @Test
  void nextWhenTheClockIsInAnotherZoneCountsInUtc() {
    Clock shanghai = Clock.fixed(Instant.parse("2026-03-31T20:00:00Z"), ZoneId.of("Asia/Shanghai"));

    assertThat(RULE.next(List.of(), shanghai)).hasToString("2026.03-000");
  }

  @Test
  void nextWhenTheRegistryHoldsALaterMonthStaysInItsOwn() {
    assertThat(next(List.of("ubuntu-24.04-2026.04-000"), "2026-03-31T23:00:00Z"))
        .isEqualTo("2026.03-000");
  }

  @Test
  void nextWhenTagsAreForeignIgnoresThem() {
    List<String> tags =
        List.of(
            "latest",
            "ubuntu-24.04",
            "",
            "2026.03-100",
            "ubuntu-24.04-2026.03-5",
            "ubuntu-24.04-2026.03-005-rc1",
            "ubuntu-24.04-2026.03-abc",
            "xubuntu-24.04-2026.03-100",
            "ubuntu-24x04-2026.03-100",
            "ubuntu-24.04-2026.03-000");

    assertThat(next(tags, "2026-03-15T12:00:00Z")).isEqualTo("2026.03-001");
  }

  @Test
  void nextWhenAnotherVariantsNameBeginsWithThisOneIgnoresIt() {
    List<String> tags = List.of("ubuntu-24.04-full-2026.03-007", "ubuntu-24.04-2026.03-001");

    assertThat(next(tags, "2026-03-15T12:00:00Z")).isEqualTo("2026.03-002");
    assertThat(TagRule.usual("ubuntu-24.04-full").next(tags, at("2026-03-15T12:00:00Z")))
        .hasToString("2026.03-008");
  }

  @Test
  void nextWhenTheLastNumberIsTakenSaysSo() {
    assertThatThrownBy(() -> next(List.of("ubuntu-24.04-2026.03-999"), "2026-03-15T12:00:00Z"))
        .hasMessage(
            "no version is left for ubuntu-24.04 in 2026.03: the tag of its last number, 999, is"
                + " taken; wait for the next month, or publish to another repository")
        .isInstanceOf(VersionOverflowException.class);
  }

  @Test
  void nextWhenVersionsGoByTheReleaseCountsThroughMonthsAndYears() {
    TagRule rule = new TagRule("amazonlinux-2017.03", "{version}", Optional.of("2017.03"));
    List<String> tags = List.of("2017.03-003", "2026.03-009", "latest", "2017x03-007");

    assertThat(rule.next(tags, at("2026-03-15T12:00:00Z"))).hasToString("2017.03-004");
    assertThat(rule.next(List.of(), at("2027-01-01T00:00:00Z"))).hasToString("2017.03-000");
    assertThat(rule.tag(new ImageVersion("2017.03", 4))).isEqualTo("2017.03-004");
  }

  @Test
  void newWhenThePatternMakesNoTagSaysWhy() {
    for (String bad : List.of("{variant}", "{version}-{version}", "a b{version}", "-{version}")) {
      assertThatThrownBy(() -> new TagRule("debian-12", bad, Optional.empty()))
          .hasMessageStartingWith("not a pattern of tags: '" + bad + "'");
    }
    assertThatThrownBy(() -> new TagRule("x".repeat(120), TagRule.USUAL, Optional.empty()))
        .hasMessageContaining("at most 128");
  }

  @Test
  void sharedTagWhenNoTagMayBeOfBothIsNone() {
    TagRule amazon = new TagRule("a", "{version}", Optional.of("2017.03"));

    assertThat(amazon.sharedTag(RULE)).isEmpty();
    assertThat(amazon.sharedTag(new TagRule("b", "{version}", Optional.of("2018.03")))).isEmpty();
    assertThat(RULE.sharedTag(TagRule.usual("ubuntu-24.04-full"))).isEmpty();
  }

  @Test
  void sharedTagWhenATagMayBeOfBothIsThat() {
    TagRule release = new TagRule("a", "{version}", Optional.of("2017.03"));
    TagRule calendar = new TagRule("b", "{version}", Optional.empty());
    TagRule platform = new TagRule("c", "{version}-arm64", Optional.empty());

    assertThat(release.sharedTag(calendar)).contains("2017.03-000");
    assertThat(calendar.sharedTag(release)).contains("2017.03-000");
    assertThat(calendar.sharedTag(platform)).contains("2026.01-000-arm64");
    assertThat(RULE.sharedTag(new TagRule("d", "ubuntu-24.04-{version}", Optional.empty())))
        .contains("ubuntu-24.04-2026.01-000");
  }

  @Test
  void newestWhenThereAreSeveralMonthsIsTheLatest() {
    List<String> tags =
        List.of("ubuntu-24.04-2025.12-010", "ubuntu-24.04-2026.02-001", "ubuntu-24.04-full");

    assertThat(RULE.newest(tags)).contains(new ImageVersion("2026.02", 1));
    assertThat(RULE.newest(List.of("latest"))).isEmpty();
  }

  @Test
  void tagWhenReadAgainGivesTheVersion() {
    ImageVersion version = new ImageVersion("2026.03", 1);

    assertThat(RULE.tag(version)).isEqualTo("ubuntu-24.04-2026.03-001");
    assertThat(RULE.versionOf("ubuntu-24.04-2026.03-001")).contains(version);
  }

  private static String next(List<String> tags, String now) {
    return RULE.next(tags, at(now)).toString();
  }

  private static Clock at(String instant) {
    return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
  }
}

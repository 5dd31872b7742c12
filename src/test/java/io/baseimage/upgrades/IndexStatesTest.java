package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class IndexStatesTest {
  private static final String INDEX = "/debian/dists/bookworm/InRelease";
  private static final String TEXT = "Origin: Debian\nSuite: stable\nDate: Sat, 01 Nov 2026\n";
  private static final ProxySelector NO_PROXIES = ProxySelector.of(null);

  private Archive archive;

  @BeforeEach
  void open() throws IOException {
    archive = new Archive();
  }

  @AfterEach
  void close() {
    archive.close();
  }

  @Test
  void nowWhenIndexesAreThereIsTheirDigestsEachAskedForOnce() {
    archive.has(INDEX, TEXT);
    archive.has("/other/InRelease", "other");
    String one = archive.url(INDEX);
    String other = archive.url("/other/InRelease");

    assertThat(states().now(List.of(one, other, one)))
        .isEqualTo(Map.of(one, digest(TEXT), other, digest("other")));
    assertThat(archive.asked).containsExactlyInAnyOrder(INDEX, "/other/InRelease");
  }

  @Test
  void nowWhenAnIndexHasMovedFollows() {
    archive.redirects("/old/InRelease", archive.url(INDEX));
    archive.has(INDEX, TEXT);

    assertThat(states().now(List.of(archive.url("/old/InRelease"))))
        .isEqualTo(Map.of(archive.url("/old/InRelease"), digest(TEXT)));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 500})
  void nowWhenAnArchiveRefusesLeavesItOutAlone(int status) {
    archive.has(INDEX, TEXT);
    archive.answers("/bad/InRelease", status, TEXT);

    assertThat(states().now(List.of(archive.url("/bad/InRelease"), archive.url(INDEX))))
        .containsOnlyKeys(archive.url(INDEX));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no address", "ftp://archive.example/InRelease", "http://a_b/x"})
  void nowWhenAnAddressLeadsNowhereLeavesItOut(String address) {
    archive.has(INDEX, TEXT);

    assertThat(states().now(List.of(address, archive.url(INDEX))))
        .containsOnlyKeys(archive.url(INDEX));
  }

  @Test
  void nowWhenNobodyListensLeavesItOut() {
    String address = archive.url(INDEX);
    archive.close();

    assertThat(states().now(List.of(address))).isEmpty();
  }

  @Test
  void nowWhenAnIndexIsNotSentWholeLeavesItOut() {
    archive.breaksOff(INDEX, TEXT);

    assertThat(states().now(List.of(archive.url(INDEX)))).isEmpty();
  }

  @Test
  void nowWhenAnIndexStopsComingLeavesItOutInTheEnd() {
    archive.stalls(INDEX, TEXT);

    assertThat(
            new IndexStates(Clock.systemUTC(), NO_PROXIES, Duration.ofSeconds(1))
                .now(List.of(archive.url(INDEX))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 22 Nov 2026 12:00:01 UTC|true",
        "Sun, 22 Nov 2026 12:00:01 GMT|true",
        "Sun, 22 Nov 2026 12:00:00 UTC|false",
        "Sat, 21 Nov 2026 12:00:00 UTC|false",
        "Sun, 22 Nov 2026 13:30:00 +0200|false",
        "tomorrow|false"
      })
  void nowWhenAnIndexSaysUntilWhenItIsValidGoesByThat(String until, boolean valid) {
    archive.has(INDEX, TEXT + "Valid-Until: " + until + "\nArchitectures: amd64\n");
    Clock clock = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    assertThat(
            new IndexStates(clock, NO_PROXIES, Duration.ofSeconds(10))
                .now(List.of(archive.url(INDEX)))
                .containsKey(archive.url(INDEX)))
        .isEqualTo(valid);
  }

  @Test
  void nowWhenThereIsAProxyAsksThat() {
    archive.has(INDEX, TEXT);
    String address = "http://archive.example" + INDEX;

    assertThat(
            new IndexStates(
                    Clock.systemUTC(), ProxySelector.of(archive.address()), Duration.ofSeconds(10))
                .now(List.of(address)))
        .isEqualTo(Map.of(address, digest(TEXT)));
    assertThat(archive.asked).containsExactly(address);
  }

  private static IndexStates states() {
    return new IndexStates(Clock.systemUTC(), NO_PROXIES, Duration.ofSeconds(10));
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }
}

package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pairs whose order the manual pages of dpkg and rpm, and their own tests, say. */
final class VersionOrderTest {
  @ParameterizedTest
  @CsvSource({
    "1.0-1, <, 1.0-2",
    "1.9, <, 1.10",
    "1.0~rc1, <, 1.0",
    "1.0~~, <, 1.0~",
    "1.0~~a, <, 1.0~",
    "1.0, <, 1.0a",
    "1.0a, <, 1.0+",
    "1.0-1, <, 1.0-1ubuntu1",
    "1.0-1ubuntu1, <, 1.0-1ubuntu1.1",
    "1.0-1+b1, >, 1.0-1",
    "9.9, <, 1:0.1",
    "0:1.0, =, 1.0",
    "1.0-0, =, 1.0",
    "1.01, =, 1.1",
    "1.2-3-4, >, 1.2-3-3",
    "2:1.0, >, 1:9.9",
    "1.0-1~bpo12+1, <, 1.0-1",
    "20240101, <, 20250101",
    "123456789012345678901234567890, <, 123456789012345678901234567891"
  })
  void debianVersionsHaveDpkgsOrder(String one, String order, String other) {
    assertOrder(new DebianVersions(), one, order, other);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0-1, <, 1.0-2",
    "1.9, <, 1.10",
    "1.0~rc1, <, 1.0",
    "1.0~rc1~git1, <, 1.0~rc1",
    "1.0^, >, 1.0",
    "1.0^git1, <, 1.0.1",
    "1.0^git1, >, 1.0",
    "1.0~rc1^git1, >, 1.0~rc1",
    "1.0a, >, 1.0",
    "1.0a, <, 1.0.1",
    "1.0, <, 1.0.0",
    "a, <, 1",
    "5.5p1, <, 5.5p10",
    "xyz.4, <, 8",
    "10.0001, =, 10.1",
    "2.0_1, =, 2.0.1",
    "1:0.1-1, >, 9.9-1",
    "0:1-1, =, 1-1",
    "1.0-3.amzn2023, <, 1.0-3.amzn2023.0.1",
    "8.2204.0-3.amzn2023, <, 8.2204.0-10.amzn2023"
  })
  void rpmVersionsHaveRpmsOrder(String one, String order, String other) {
    assertOrder(new RpmVersions(), one, order, other);
  }

  private static void assertOrder(
      Comparator<String> order, String one, String expected, String other) {
    int sign = expected.equals("<") ? -1 : expected.equals(">") ? 1 : 0;
    assertThat(Integer.signum(order.compare(one, other))).isEqualTo(sign);
    assertThat(Integer.signum(order.compare(other, one))).isEqualTo(-sign);
  }
}

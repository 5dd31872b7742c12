package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.InstalledPackage;
import org.junit.jupiter.api.Test;

final class RpmInventoryTest {
  @Test
  void parseWhenRpmAnswersGivesPackagesByNameWithoutKeys() {
    assertThat(
            RpmInventory.parse(
                """
                rsyslog\t8.2204.0-3.amzn2023\tx86_64
                gpg-pubkey\td832c631-6515c85e\t(none)
                dnf\t0:4.14.0-1\tnoarch
                """))
        .containsExactly(
            new InstalledPackage("dnf", "0:4.14.0-1", "noarch"),
            new InstalledPackage("rsyslog", "8.2204.0-3.amzn2023", "x86_64"));
  }

  @Test
  void parseWhenRpmWarnsTooTakesPackagesOnly() {
    assertThat(RpmInventory.parse("warning: something\n\n")).isEmpty();
  }
}

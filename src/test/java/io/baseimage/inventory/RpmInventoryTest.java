package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.InstalledPackage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RpmInventoryTest {
  @Test
  void parseWhenRpmAnswersGivesPackagesByNameWithoutKeys() {
    assertThat(
            RpmInventory.parse(
                """
                rsyslog\t8.2204.0-3.amzn2023\tx86_64\trsyslog-8.2204.0-3.amzn2023.src.rpm\tGPLv3+ and ASL 2.0
                gpg-pubkey\td832c631-6515c85e\t(none)\t(none)\tpubkey
                dnf-data\t0:4.14.0-1\tnoarch\tdnf-4.14.0-1.src.rpm\t(none)
                local\t1-1\tnoarch\t(none)\tMIT
                """))
        .containsExactly(
            new InstalledPackage(
                "dnf-data", "0:4.14.0-1", "noarch", source("dnf", "4.14.0-1"), List.of()),
            new InstalledPackage("local", "1-1", "noarch", Optional.empty(), List.of("MIT")),
            new InstalledPackage(
                "rsyslog",
                "8.2204.0-3.amzn2023",
                "x86_64",
                source("rsyslog", "8.2204.0-3.amzn2023"),
                List.of("GPLv3+ and ASL 2.0")));
  }

  @Test
  void parseWhenRpmWarnsTooTakesPackagesOnly() {
    assertThat(RpmInventory.parse("warning: something\n\n")).isEmpty();
  }

  private static Optional<InstalledPackage.SourcePackage> source(String name, String version) {
    return Optional.of(new InstalledPackage.SourcePackage(name, version));
  }
}

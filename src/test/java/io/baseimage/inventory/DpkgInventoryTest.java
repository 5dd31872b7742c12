package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.InstalledPackage;
import org.junit.jupiter.api.Test;

final class DpkgInventoryTest {
  @Test
  void parseWhenPackageWasRemovedLeavesItOut() {
    String status =
        """
        Package: zlib1g
        Status: install ok installed
        Architecture: amd64
        Version: 1:1.3.dfsg-3.1ubuntu2
        Description: compression library
         Package: this is a line of the description

        Package: gone
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 1

        Package: adduser
        Status: hold ok installed
        Architecture: all
        Version: 3.137ubuntu1
        """;
    assertThat(DpkgInventory.parse(status))
        .containsExactly(
            new InstalledPackage("adduser", "3.137ubuntu1", "all"),
            new InstalledPackage("zlib1g", "1:1.3.dfsg-3.1ubuntu2", "amd64"));
  }

  @Test
  void parseWhenStatusIsEmptyFindsNothing() {
    assertThat(DpkgInventory.parse("")).isEmpty();
  }
}

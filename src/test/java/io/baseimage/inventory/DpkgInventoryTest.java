package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.InstalledPackage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DpkgInventoryTest {
  @Test
  void parseWhenPackageWasRemovedLeavesItOut() {
    String status =
        """
        Package: zlib1g
        Status: install ok installed
        Architecture: amd64
        Source: zlib (1:1.3.dfsg-3.1ubuntu1)
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
            new InstalledPackage(
                "adduser", "3.137ubuntu1", "all", source("adduser", "3.137ubuntu1"), List.of()),
            new InstalledPackage(
                "zlib1g",
                "1:1.3.dfsg-3.1ubuntu2",
                "amd64",
                source("zlib", "1:1.3.dfsg-3.1ubuntu1"),
                List.of()));
  }

  @Test
  void parseWhenAPackageHasTheProgramsOfAnotherIsTheOther() {
    assertThat(
            DpkgInventory.withLicences(
                DpkgInventory.parse(
                    """
                    Package: baseimage-runit
                    Status: install ok installed
                    Architecture: amd64
                    Source: runit
                    Version: 2.2.0-3
                    Programs-Of: runit
                    """),
                Map.of(
                    "/usr/share/doc/runit/copyright",
                    "Format: copyright-format/1.0/\nLicense: Expat\n"
                        .getBytes(StandardCharsets.UTF_8))))
        .containsExactly(
            new InstalledPackage(
                "runit", "2.2.0-3", "amd64", source("runit", "2.2.0-3"), List.of("MIT")));
  }

  @Test
  void withLicencesWhenTheDocumentationIsAnotherPackagesTakesThoseOfTheSameSource() {
    List<InstalledPackage> packages =
        DpkgInventory.parse(
            """
            Package: gcc-12-base
            Status: install ok installed
            Source: gcc-12
            Version: 12

            Package: libgcc-s1
            Status: install ok installed
            Source: gcc-12
            Version: 12

            Package: other
            Status: install ok installed
            Source: gcc-12 (11)
            Version: 12
            """);
    byte[] copyright =
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nLicense: X\n"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(
            DpkgInventory.withLicences(
                packages, Map.of("/usr/share/doc/gcc-12-base/copyright", copyright)))
        .extracting(InstalledPackage::licences)
        .containsExactly(List.of("X"), List.of("X"), List.of());
  }

  @Test
  void licencesWhenTheFileIsForProgramsAreThoseOfItsFiles() {
    assertThat(
            DebianCopyright.licences(
                """
                Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
                Source: https://example.org

                Files: *
                Copyright: 2024 Somebody
                License: GPL-2+
                 This is the text.
                License-of-another: no

                Files: doc/*
                License: GFDL-1.3+ or Artistic

                License: GPL-2+
                 The full text.

                License: Unused
                """))
        .containsExactly("GFDL-1.3+ or Artistic", "GPL-2.0-or-later");
  }

  @Test
  void licencesWhenTheFileIsProseAreNotKnown() {
    assertThat(DebianCopyright.licences("This package was debianized by somebody.\nLicense: GPL\n"))
        .isEmpty();
  }

  @Test
  void parseWhenAPackageHasControlCharactersReplacesThem() {
    String status = "Package: bad\u001b[2J\nStatus: install ok installed\nVersion: 1\u202e\n";
    assertThat(DpkgInventory.parse(status).get(0))
        .extracting(InstalledPackage::name, InstalledPackage::version)
        .containsExactly("bad?[2J", "1?");
  }

  private static Optional<InstalledPackage.SourcePackage> source(String name, String version) {
    return Optional.of(new InstalledPackage.SourcePackage(name, version));
  }

  @Test
  void parseWhenStatusIsEmptyFindsNothing() {
    assertThat(DpkgInventory.parse("")).isEmpty();
  }
}

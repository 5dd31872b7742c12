package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.InstalledPackage.SourcePackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;

final class CycloneDxTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/baseimage/inventory/sbom.cdx.json");

  private static final Inventory DEBIAN =
      new Inventory(
          new OsRelease("ubuntu", "24.04", "Ubuntu 24.04.5 LTS"),
          Optional.of(PackageFormat.DEB),
          List.of(
              new InstalledPackage(
                  "gcc++", "1:12~rc1+b", "amd64", source("gcc-12", "12"), List.of()),
              new InstalledPackage(
                  "zlib1g",
                  "1:1.3",
                  "amd64",
                  source("zlib", "1:1.3"),
                  List.of("Zlib", "GPL-2+ with exception"))),
          List.of(
              new RuntimeFile("/usr/sbin/my_init", digest("my_init")),
              new RuntimeFile("/usr/sbin/setuser", digest("setuser"))));

  private static final Inventory AMAZON =
      new Inventory(
          new OsRelease("amzn", "2023", "Amazon Linux 2023"),
          Optional.of(PackageFormat.RPM),
          List.of(
              new InstalledPackage(
                  "dnf",
                  "1:4.14.0-1.amzn2023",
                  "noarch",
                  source("dnf", "4.14.0-1.amzn2023"),
                  List.of("GPL-2.0-or-later AND MIT")),
              new InstalledPackage("local", "1-1", "noarch")),
          List.of());

  private final CycloneDx format = new CycloneDx("1.2.3");

  @Test
  void writeGivesThisVeryDocument() throws IOException {
    assertThat(new String(format.write(image(), DEBIAN), StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void writeGivesWhatTheLibrarysValidatorFindsNothingWrongWith() throws IOException {
    for (Inventory inventory : List.of(DEBIAN, AMAZON, Inventory.EMPTY)) {
      byte[] document = format.write(image(), inventory);
      assertThat(new JsonParser().validate(document, Version.VERSION_16)).isEmpty();
    }
  }

  @Test
  void writeWhenRpmNamesLicencesHasExpressionsOnlyWhereTheyAreSome() throws IOException {
    List<List<String>> licences =
        List.of(
            List.of("GPL-2.0-or-later AND MIT"),
            List.of("GPLv2+ and LGPLv2+"),
            List.of("MIT"),
            List.of("LicenseRef-Fedora-Public-Domain"),
            List.of("GPL-3.0-or-later AND BSD"),
            List.of("MIT OR ISC", "Zlib"));
    List<InstalledPackage> packages = new ArrayList<>();
    licences.forEach(
        names ->
            packages.add(
                new InstalledPackage(
                    "p" + packages.size(), "1-1", "noarch", Optional.empty(), names)));
    Inventory inventory =
        new Inventory(AMAZON.system(), AMAZON.format(), packages, AMAZON.runtime());

    byte[] document = format.write(image(), inventory);

    assertThat(
            StreamSupport.stream(
                    new ObjectMapper().readTree(document).path("components").spliterator(), false)
                .skip(1)
                .map(component -> component.path("licenses").toString()))
        .containsExactly(
            "[{\"expression\":\"GPL-2.0-or-later AND MIT\"}]",
            "[{\"license\":{\"name\":\"GPLv2+ and LGPLv2+\"}}]",
            "[{\"license\":{\"id\":\"MIT\"}}]",
            "[{\"expression\":\"LicenseRef-Fedora-Public-Domain\"}]",
            "[{\"license\":{\"name\":\"GPL-3.0-or-later AND BSD\"}}]",
            "[{\"license\":{\"name\":\"MIT OR ISC\"}},{\"license\":{\"id\":\"Zlib\"}}]");
    assertThat(new JsonParser().validate(document, Version.VERSION_16)).isEmpty();
    assertThat(format.read(document)).isEqualTo(inventory);
  }

  @Test
  void readGivesWhatWasWritten() {
    assertThat(format.read(format.write(image(), DEBIAN))).isEqualTo(DEBIAN);
    assertThat(format.read(format.write(image(), AMAZON))).isEqualTo(AMAZON);
    assertThat(format.read(format.write(image(), Inventory.EMPTY)).packages()).isEmpty();
  }

  @Test
  void readWhenAnotherToolWroteItTakesThePackages() {
    String document =
        """
        {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
          {"type": "library", "name": "left-pad", "version": "1", "purl": "pkg:npm/left-pad@1"},
          {"type": "library", "name": "bash", "version": "5.2",
           "licenses": [{"expression": "GPL-3.0-or-later OR MIT"}],
           "purl": "pkg:deb/debian/bash@5.2?arch=arm64&upstream=bash-src"},
          {"type": "file", "name": "/etc/passwd"},
          {"type": "library", "name": "broken", "purl": "::"}
        ]}
        """;
    assertThat(format.read(document.getBytes(StandardCharsets.UTF_8)).packages())
        .containsExactly(
            new InstalledPackage(
                "bash",
                "5.2",
                "arm64",
                source("bash-src", "5.2"),
                List.of("GPL-3.0-or-later OR MIT")));
  }

  @Test
  void readWhenItIsNoSbomRefuses() {
    for (String document : List.of("", "[1]", "{}", "{\"bomFormat\": 1}", "no JSON")) {
      assertThatThrownBy(() -> format.read(document.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not an SBOM");
    }
  }

  @Test
  void purlNamesTheDistributionAndTheSource() {
    assertThat(CycloneDx.purl(DEBIAN.packages().get(0), PackageFormat.DEB, DEBIAN.system()))
        .isEqualTo(
            "pkg:deb/ubuntu/gcc%2B%2B@1%3A12~rc1%2Bb?arch=amd64&distro=ubuntu-24.04"
                + "&upstream=gcc-12%4012");
    assertThat(CycloneDx.purl(AMAZON.packages().get(0), PackageFormat.RPM, AMAZON.system()))
        .isEqualTo(
            "pkg:rpm/amzn/dnf@4.14.0-1.amzn2023?arch=noarch&distro=amzn-2023&epoch=1"
                + "&upstream=dnf-4.14.0-1.amzn2023.src.rpm");
  }

  @Test
  void licencesThatSpdxKnowsHaveItsNames() {
    assertThat(
            List.of("GPL-2+", "LGPL-2.1", "GFDL-1.3+", "Expat", "BSD-3-clause", "GPL-9", "odd")
                .stream()
                .map(Licences::ofDebian))
        .containsExactly(
            "GPL-2.0-or-later",
            "LGPL-2.1-only",
            "GFDL-1.3-or-later",
            "MIT",
            "BSD-3-Clause",
            "GPL-9",
            "odd");
  }

  private static EngineImage image() {
    return new EngineImage(
        digest("image"),
        List.of("joe/baseimage:ubuntu-24.04"),
        List.of(),
        new Platform("linux", "amd64"),
        1,
        Instant.parse("2026-11-20T10:00:00.123456789Z"),
        Map.of("io.baseimage.variant", "ubuntu-24.04", "org.opencontainers.image.revision", "abc"),
        List.of());
  }

  private static Optional<SourcePackage> source(String name, String version) {
    return Optional.of(new SourcePackage(name, version));
  }

  private static Digest digest(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }
}

package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDescription.Place;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageDifference.Change;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageChange;
import io.baseimage.pipeline.PackageChange.Kind;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import io.baseimage.publish.TaggedVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each form of each report is one file. */
final class DifferenceReportTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/baseimage/report");

  private static final List<PackageChange> PACKAGES =
      List.of(
          change(Kind.UPGRADED, "bash", "5.2.21-2ubuntu4", "5.2.21-2ubuntu4.1"),
          change(Kind.UPGRADED, "libssl3t64", "3.0.13-0ubuntu3.4", "3.0.13-0ubuntu3.5"),
          change(Kind.ADDED, "curl", null, "8.5.0-2ubuntu10"),
          change(Kind.REMOVED, "odd|name", "1", null));

  @Test
  void diffAsText() throws IOException {
    assertGolden("diff.txt", DifferenceReport.text(difference()));
  }

  @Test
  void diffAsJson() throws IOException {
    assertGolden("diff.json", DifferenceReport.json(difference()));
  }

  @Test
  void diffAsMarkdown() throws IOException {
    assertGolden("diff.md", DifferenceReport.markdown(difference()));
  }

  @Test
  void diffWhenThereIsNoSbomSaysThatItIsNotKnown() {
    ImageDifference unknown =
        new ImageDifference(
            image("joe/app:1", Place.REGISTRY, 1_000_000),
            image("joe/app:2", Place.ENGINE, 3_000_000),
            Optional.empty(),
            Optional.empty(),
            List.of());
    assertThat(DifferenceReport.text(unknown))
        .contains("packages: unknown: no SBOM is attached\n")
        .contains("runtime: unknown: no SBOM is attached\n")
        .contains("configuration: the same\n")
        .contains("size: 1.0 MB compressed → 3.0 MB unpacked\n");
    assertThat(DifferenceReport.json(unknown))
        .contains("\"packages\" : null", "\"runtime\" : null", "\"different\" : true");
  }

  @Test
  void changelogAsText() throws IOException {
    assertGolden("changelog.txt", Changelog.text(history()));
  }

  @Test
  void changelogAsJson() throws IOException {
    assertGolden("changelog.json", Changelog.json(history()));
  }

  @Test
  void changelogAsMarkdown() throws IOException {
    assertGolden("changelog.md", Changelog.markdown("ubuntu-24.04", history()));
  }

  @Test
  void inventoryAsTable() throws IOException {
    assertGolden("inventory.txt", InventoryReport.table(inventory()));
  }

  @Test
  void inventoryAsJson() throws IOException {
    assertGolden("inventory.json", InventoryReport.json(inventory()));
  }

  private static void assertGolden(String name, String text) throws IOException {
    assertThat(text).isEqualTo(Files.readString(GOLDEN.resolve(name)));
  }

  private static ImageDifference difference() {
    return new ImageDifference(
        image("joe/baseimage:ubuntu-24.04-2026.11-000", Place.REGISTRY, 30_100_000),
        image("joe/baseimage:ubuntu-24.04-2026.11-001", Place.REGISTRY, 30_300_123),
        Optional.of(PACKAGES),
        Optional.of(
            List.of(
                new Change("/usr/sbin/my_init", Optional.of("sha256:1"), Optional.of("sha256:2")))),
        List.of(
            new Change("ENV LANG", Optional.of("C.UTF-8"), Optional.of("en_US.UTF-8")),
            new Change("LABEL a`|b", Optional.empty(), Optional.of("x|y")),
            new Change("STOPSIGNAL", Optional.of("SIGUSR1"), Optional.empty())));
  }

  private static List<Changelog.Entry> history() {
    return List.of(
        entry("2026.10-000", Optional.empty(), List.of(), false, Optional.empty()),
        entry("2026.10-001", Optional.of("2026.10-000"), List.of(), true, Optional.empty()),
        entry("2026.11-000", Optional.of("2026.10-001"), List.of(), false, Optional.of(List.of())),
        entry(
            "2026.11-001",
            Optional.of("2026.11-000"),
            List.of("libssl3t64 has a security update", "the base has a new digest"),
            false,
            Optional.of(PACKAGES)));
  }

  private static Changelog.Entry entry(
      String version,
      Optional<String> previous,
      List<String> reasons,
      boolean withdrawn,
      Optional<List<PackageChange>> packages) {
    return new Changelog.Entry(
        new TaggedVersion(
            "ubuntu-24.04-" + version,
            Optional.of("ubuntu-24.04"),
            version,
            digest(version),
            previous.map(any -> "2026-11-20T10:00:00Z"),
            previous.map(any -> "2026-11-22T03:17:00Z"),
            List.of(),
            version.equals("2026.11-001") ? List.of("latest", "ubuntu-24.04") : List.of(),
            withdrawn,
            reasons),
        previous,
        packages);
  }

  private static Inventory inventory() {
    return new Inventory(
        new OsRelease("ubuntu", "24.04", "Ubuntu 24.04"),
        Optional.of(PackageFormat.DEB),
        List.of(
            new InstalledPackage(
                "bash",
                "5.2.21-2ubuntu4",
                "amd64",
                Optional.of(new InstalledPackage.SourcePackage("bash", "5.2.21-2ubuntu4")),
                List.of("GPL-3.0-or-later", "MIT")),
            new InstalledPackage("unknown", "1", "all")),
        List.of(new RuntimeFile("/usr/sbin/my_init", digest("my_init"))));
  }

  private static ImageDescription image(String name, Place place, long size) {
    return new ImageDescription(
        name,
        place,
        digest(name),
        new Platform("linux", "amd64"),
        size,
        new ImageConfiguration(new TreeMap<>()),
        Optional.empty());
  }

  private static PackageChange change(
      Kind kind,
      String name,
      @org.jspecify.annotations.Nullable String before,
      @org.jspecify.annotations.Nullable String after) {
    return new PackageChange(
        kind, name, "amd64", Optional.ofNullable(before), Optional.ofNullable(after));
  }

  private static Digest digest(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }
}

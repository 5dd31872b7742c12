package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.EngineInfo;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.Phase;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.RuntimeFile;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static final Platform PLATFORM = new Platform("linux", "amd64");

  @TempDir private Path folder;

  @Test
  void summaryShowsEachRowOnce() {
    assertThat(Summary.of(outcome()))
        .isEqualTo(
            """
            variant     debian-12
            base        debian:12, on the engine
                        %s
            version     2026.11-000
            names       joe/baseimage:debian-12-2026.11-000, joe/baseimage:debian-12
            added size  12.5 MB of 112.5 MB
            packages    2, 1 more than the base
            checks      1 hold, 0 broken, 0 not applicable
            time        base 0.1 s, build 9.9 s; in all 10.0 s
            """
                .formatted(digest("base")));
  }

  @Test
  void metadataHoldsWhatTheSummaryShowsAndMore() throws IOException {
    JsonNode json = new ObjectMapper().readTree(Metadata.of(outcome()));
    assertThat(json.path("version").asText()).isEqualTo("2026.11-000");
    assertThat(json.path("base").path("digest").asText()).isEqualTo(digest("base").toString());
    assertThat(json.path("base").path("sizeBytes").asLong()).isEqualTo(100_000_000);
    assertThat(json.path("image").path("addedBytes").asLong()).isEqualTo(12_500_000);
    assertThat(json.path("packages").path(1).path("name").asText()).isEqualTo("runit");
    assertThat(json.path("packages").path(0))
        .hasToString(
            "{\"name\":\"bash\",\"version\":\"5.2\",\"architecture\":\"amd64\","
                + "\"source\":\"bash-source\",\"sourceVersion\":\"5.1\",\"licences\":[\"GPL-3+\"]}");
    assertThat(json.path("runtime").path(0).path("path").asText()).isEqualTo("/usr/sbin/my_init");
    assertThat(json.path("checks").path("results").path(0).path("lines").asText())
        .isEqualTo("BOOT-1");
    assertThat(json.path("phases").path("buildMillis").asLong()).isEqualTo(9900);
  }

  @Test
  void metadataWriteReplacesTheFileAndLeavesTheSbomBesideIt() throws IOException {
    Files.writeString(folder.resolve("metadata.json"), "old");
    Metadata.write(outcome(), "SBOM of 2".getBytes(StandardCharsets.UTF_8), folder);
    assertThat(folder).isDirectoryContaining(file -> file.endsWith("metadata.json"));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
    assertThat(folder.resolve("metadata.json")).content().startsWith("{");
    assertThat(folder.resolve("sbom.cdx.json")).hasContent("SBOM of 2");
  }

  @Test
  void metadataWriteWhenThereIsNoPlaceSaysWhere() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Metadata.write(outcome(), new byte[] {1}, file.resolve("below")))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(file.toString());
  }

  private static BuildOutcome outcome() {
    return new BuildOutcome(
        VariantCatalog.open(Path.of("variants")).get("debian-12"),
        new ResolvedBase(
            ImageReference.parse("debian:12"),
            ResolvedBase.Source.LOCAL,
            Optional.of(image("base", 100_000_000))),
        image("image", 112_500_000),
        "2026.11-000",
        List.of(
            ImageReference.parse("joe/baseimage:debian-12-2026.11-000"),
            ImageReference.parse("joe/baseimage:debian-12")),
        12_500_000,
        new Inventory(
            OsRelease.UNKNOWN,
            Optional.of(PackageFormat.DEB),
            List.of(
                new InstalledPackage(
                    "bash",
                    "5.2",
                    "amd64",
                    Optional.of(new InstalledPackage.SourcePackage("bash-source", "5.1")),
                    List.of("GPL-3+")),
                new InstalledPackage("runit", "2.1", "amd64")),
            List.of(new RuntimeFile("/usr/sbin/my_init", digest("my_init")))),
        1,
        Optional.of(
            new CheckReport(
                "x",
                List.of(
                    new CheckResult(
                        "boots",
                        List.of("BOOT-1"),
                        "it boots",
                        CheckResult.Outcome.HOLDS,
                        Optional.empty(),
                        Duration.ofMillis(5))),
                Duration.ofSeconds(1))),
        new EngineInfo("Docker Engine", "20.10", "1.41", "unix:///x.sock", "test", PLATFORM),
        Map.of(Phase.BASE, Duration.ofMillis(100), Phase.BUILD, Duration.ofMillis(9900)),
        "sha256:inputs",
        Instant.parse("2026-11-20T10:00:00Z"));
  }

  private static EngineImage image(String name, long size) {
    return new EngineImage(
        digest(name), List.of(), List.of(), PLATFORM, size, Instant.EPOCH, Map.of(), List.of());
  }

  private static Digest digest(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }
}

package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.pipeline.ResolvedBase.Source;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageProgramsTest {
  private static final VariantCatalog VARIANTS = VariantCatalog.open(Path.of("variants"));

  @TempDir private Path folder;
  private final FakeEngine engine = new FakeEngine();
  private boolean secondIsMissing;

  @BeforeEach
  void engineHasBasesAndMakesAProgram() {
    engine.has("debian:12");
    engine.has("ubuntu:24.04");
    engine.files = Map.of("/out/program", "made".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void getWhenTheDistributionHasRunitCompilesTheRuntimeAlone() {
    assertThat(get("debian-12")).containsOnlyKeys("usr/sbin/program");
    assertThat(engine.builds).hasSize(2);
  }

  @Test
  void getWhenTheDistributionHasNoRunitCompilesItToo() {
    assertThat(get("amazonlinux-2023")).containsOnlyKeys("usr/sbin/program", "program");
    assertThat(programs().cached(VARIANTS.get("amazonlinux-2023"), FakeEngine.PLATFORM))
        .isPresent();
  }

  @Test
  void getWhenAnArchiveHasNoSourcesAsksTheNextOne() {
    debianHasNoSources();
    assertThat(get("amazonlinux-2023")).containsKey("program");
    assertThat(engine.builds)
        .extracting(request -> request.arguments().getOrDefault("BASE", ""))
        .contains(id("ubuntu:24.04"));
  }

  @Test
  void getWhenNobodyHasTheSourcesNamesEveryArchive() {
    debianHasNoSources();
    secondIsMissing = true;
    assertThatThrownBy(() -> get("amazonlinux-2023"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("archive of debian-12: step 2 failed")
        .hasMessageContaining("archive of ubuntu-24.04: No base for the toolchain")
        .hasMessageContaining("mirror need not have sources");
  }

  private void debianHasNoSources() {
    engine.failing =
        request ->
            request.name().repository().endsWith("/sources")
                && id("debian:12").equals(request.arguments().get("BASE"));
  }

  private String id(String image) {
    return engine.image(image).id().toString();
  }

  private SortedMap<String, byte[]> get(String variant) {
    return programs()
        .get(
            VARIANTS.get(variant),
            engine,
            FakeEngine.PLATFORM,
            new ToolchainBases(
                () -> List.of(VARIANTS.get("debian-12"), VARIANTS.get("ubuntu-24.04")),
                (needed, platform) -> base(needed)));
  }

  private ResolvedBase base(Variant variant) {
    if (secondIsMissing && variant.name().startsWith("ubuntu")) {
      throw new BaseException(variant.name(), List.of("not here"), "");
    }
    return new ResolvedBase(
        variant.base().image(), Source.LOCAL, engine.find(variant.base().image().toString()));
  }

  private ImagePrograms programs() {
    Workspace workspace = new Workspace(folder.resolve("cache"), folder.resolve("state"), folder);
    RecordingLog log = new RecordingLog();
    Path toolchain = Path.of("src/main/c");
    return new ImagePrograms(
        new RuntimePrograms(toolchain, toolchain, "usr/sbin/", workspace, log),
        () -> new RuntimePrograms(Path.of("src/main/runit"), toolchain, "", workspace, log));
  }
}

package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.archive.ImageArchive;
import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.EngineImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExchangedRuntimesTest {
  private static final StoredImage.Layer BASE =
      new StoredImage.Layer(digest("base tar"), digest("base"), 4000, Optional.empty());
  private static final StoredImage.Layer PACKAGES =
      new StoredImage.Layer(digest("packages tar"), digest("packages"), 9000, Optional.empty());
  private static final EngineImage IMAGE = image("config", "runtime tar");

  @TempDir private Path folder;
  private final ExchangedRuntimes made = new ExchangedRuntimes();

  @BeforeEach
  void add() {
    made.add(
        IMAGE,
        bytes("config"),
        bytes("runtime"),
        bytes("runtime tar"),
        bytes("sbom"),
        List.of(BASE, PACKAGES));
    made.add(
        image("other config", "other tar"),
        bytes("other config"),
        bytes("other"),
        bytes("other tar"),
        bytes("other sbom"),
        List.of(BASE, PACKAGES));
  }

  @Test
  void storedHasTheLayersOfTheRegistryByNameAndTheNewOneByContent() throws IOException {
    StoredImage stored = made.stored(IMAGE, digest -> false, folder);

    assertThat(stored.platform()).isEqualTo(IMAGE.platform());
    assertThat(stored.config()).isEqualTo(digest("config"));
    assertThat(stored.configSize()).isEqualTo("config".length());
    assertThat(read(stored.configContent())).isEqualTo("config");
    assertThat(stored.layers().subList(0, 2)).containsExactly(BASE, PACKAGES);
    StoredImage.Layer last = stored.layers().get(2);
    assertThat(stored.layers()).hasSize(3);
    assertThat(last.diffId()).isEqualTo(digest("runtime tar"));
    assertThat(last.digest()).isEqualTo(digest("runtime"));
    assertThat(last.size()).isEqualTo("runtime".length());
    assertThat(read(last.content())).isEqualTo("runtime");
  }

  @Test
  void sbomIsTheImagesOwn() {
    assertThat(made.sbom(IMAGE)).isEqualTo(bytes("sbom"));
    assertThat(made.sbom(image("other config", "other tar"))).isEqualTo(bytes("other sbom"));
  }

  @Test
  void sizeIsOfWhatHasToBeSentAndNotOfTheLayersBelow() {
    assertThat(made.size(IMAGE))
        .isEqualTo("config".length() + "runtime".length() + "sbom".length());
  }

  @Test
  void archiveWhenTheEngineHasTheLayersBelowNamesThemAndHasTheNewOneUnpacked() throws IOException {
    ImageArchive archive = made.archive(IMAGE, folder, List.of());

    assertThat(archive.id()).isEqualTo(IMAGE.id());
    assertThat(archive.layers().stream().map(ImageArchive.Layer::diffId)).isEqualTo(IMAGE.layers());
    assertThat(archive.layers().subList(0, 2))
        .allSatisfy(layer -> assertThat(layer.tar()).isEmpty());
    assertThat(archive.layers().get(2).tar().orElseThrow()).hasContent("runtime tar");
  }

  @Test
  void archiveWhenTheLayersBelowAreFilesHasTheseInTheirOrder() throws IOException {
    Path base = Files.writeString(folder.resolve("a"), "base tar");
    Path packages = Files.writeString(folder.resolve("b"), "packages tar");

    for (ImageArchive.Layer layer : made.archive(IMAGE, folder, List.of(base, packages)).layers()) {
      assertThat(Digest.of(Files.readAllBytes(layer.tar().orElseThrow())))
          .isEqualTo(layer.diffId());
    }
  }

  @Test
  void sbomOfAnImageOfAnotherRunIsAMistake() {
    assertThatThrownBy(() -> made.sbom(image("unknown", "tar")))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("of another run");
  }

  private static EngineImage image(String config, String tar) {
    return new EngineImage(
        digest(config),
        List.of(),
        List.of(),
        new Platform("linux", "amd64"),
        0,
        Instant.EPOCH,
        Map.of(),
        List.of(BASE.diffId(), PACKAGES.diffId(), digest(tar)));
  }

  private static String read(Optional<ContentSource> content) throws IOException {
    try (InputStream in = content.orElseThrow().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Digest digest(String text) {
    return Digest.of(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

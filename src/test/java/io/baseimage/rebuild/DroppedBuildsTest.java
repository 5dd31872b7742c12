package io.baseimage.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DroppedBuildsTest {
  private static final Digest IMAGE = digest("published");
  private static final Map<String, String> PUBLISHED =
      Map.of(
          "io.baseimage.variant", "debian-12",
          "io.baseimage.fingerprint.recipe", "old recipe",
          "io.baseimage.fingerprint.runtime", "old runtime",
          "org.opencontainers.image.base.name", "debian:12",
          "org.opencontainers.image.base.digest", "old base",
          "org.opencontainers.image.created", "2026-10-01",
          "org.opencontainers.image.revision", "abc");

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path folder;
  private DroppedBuilds dropped;

  @BeforeEach
  void open() {
    dropped = new DroppedBuilds(workspace());
  }

  @Test
  void labelsWhenNothingWasDroppedAreThePublishedOnes() {
    assertThat(dropped.labels(IMAGE, PUBLISHED)).isEqualTo(PUBLISHED);
  }

  @Test
  void labelsWhenABuildWasDroppedAreThoseOfItThatTellWhatItWasMadeOf() {
    dropped.add(
        IMAGE,
        Map.of(
            "io.baseimage.variant", "debian-12-stand-in",
            "io.baseimage.fingerprint.recipe", "new recipe",
            "io.baseimage.fingerprint.variant", "new variant",
            "org.opencontainers.image.base.digest", "new base",
            "io.baseimage.base.origin", "registry",
            "org.opencontainers.image.created", "2026-11-01",
            "org.opencontainers.image.revision", "def",
            "com.example.team", "builders"),
        NOW);

    Map<String, String> expected = new HashMap<>(PUBLISHED);
    expected.put("io.baseimage.fingerprint.recipe", "new recipe");
    expected.put("io.baseimage.fingerprint.variant", "new variant");
    expected.put("org.opencontainers.image.base.digest", "new base");
    expected.put("io.baseimage.base.origin", "registry");
    expected.put("org.opencontainers.image.created", "2026-11-22T12:00:00Z");
    assertThat(new DroppedBuilds(workspace()).labels(IMAGE, PUBLISHED)).isEqualTo(expected);
    assertThat(dropped.labels(digest("another image"), PUBLISHED)).isEqualTo(PUBLISHED);
  }

  @Test
  void labelsWhenAnotherBuildWasDroppedLaterAreThoseOfTheLaterOneAlone() throws IOException {
    dropped.add(IMAGE, Map.of("io.baseimage.fingerprint.recipe", "first"), NOW);
    dropped.add(IMAGE, Map.of("io.baseimage.fingerprint.runtime", "second"), NOW);

    assertThat(dropped.labels(IMAGE, PUBLISHED))
        .containsEntry("io.baseimage.fingerprint.recipe", "old recipe")
        .containsEntry("io.baseimage.fingerprint.runtime", "second");
    try (Stream<Path> files = Files.list(files())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void labelsWhenTheFileIsNotWholeAreThePublishedOnes() throws IOException {
    dropped.add(IMAGE, Map.of("io.baseimage.fingerprint.recipe", "new recipe"), NOW);
    String whole = Files.readString(files().resolve(IMAGE.hex()));

    for (String text : List.of("", whole.substring(0, whole.length() - 1), "no JSON", "[]")) {
      Files.writeString(files().resolve(IMAGE.hex()), text);

      assertThat(dropped.labels(IMAGE, PUBLISHED)).as(text).isEqualTo(PUBLISHED);
    }
  }

  @Test
  void addWhenTheFolderCannotBeMadeFails() throws IOException {
    Files.createDirectories(files().getParent());
    Files.writeString(files(), "a file where the folder would be");

    assertThatThrownBy(() -> dropped.add(IMAGE, PUBLISHED, NOW))
        .isInstanceOf(OutputException.class);
  }

  private Path files() {
    return workspace().state().resolve("dropped");
  }

  private Workspace workspace() {
    return new Workspace(folder.resolve("cache"), folder.resolve("state"), folder);
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

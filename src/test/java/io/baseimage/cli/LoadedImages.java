package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.publish.SavedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Images of a few bytes that a real engine has for the time of a test. */
final class LoadedImages implements AutoCloseable {
  private final SavedImages saved = new SavedImages();
  private final List<EngineImage> loaded = new ArrayList<>();
  private final Path folder;

  /**
   * None yet.
   *
   * @param folder for what the engine is given
   */
  LoadedImages(Path folder) {
    this.folder = folder;
  }

  /** Loads one, which no other test has; its id. */
  String load(String variant, Platform platform) throws Exception {
    EngineImage image =
        saved.add(
            platform,
            Map.of("io.baseimage.variant", variant),
            "base",
            variant + " " + platform + " " + System.nanoTime());
    Path archive = Files.write(folder.resolve(image.id().hex() + ".tar"), saved.archive(image));
    String said = Launched.docker("load", "--input", archive.toString());
    assertThat(said).contains(image.id().toString());
    loaded.add(image);
    return image.id().toString();
  }

  @Override
  public void close() throws IOException {
    try {
      for (EngineImage image : loaded) {
        Launched.docker("rmi", image.id().toString());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

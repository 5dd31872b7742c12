package io.baseimage.archive;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An image of one layer, made from a root file system. */
public final class RootfsImage {
  // Times in tar files are whole seconds, and other clocks differ from this one.
  private static final Duration ROUNDING = Duration.ofMinutes(5);

  private RootfsImage() {}

  /**
   * Writes one for an engine to load. The same packages make the same image, on whatever day: it is
   * as old as the newest of them.
   *
   * @param rootfs a tar file, which is removed
   * @param started when the making of the root file system began
   * @param command what containers run
   * @return a file beside the root file system
   * @throws IOException if a file cannot be read or written
   */
  public static Path write(
      Path rootfs, Instant started, ImageReference name, Platform platform, List<String> command)
      throws IOException {
    Instant newest =
        ReproducibleLayer.newestBefore(rootfs, started.minus(ROUNDING))
            .orElse(Instant.ofEpochSecond(started.getEpochSecond()));
    Path layer = rootfs.resolveSibling("layer.tar");
    Digest diffId = ReproducibleLayer.write(rootfs, newest, "", layer);
    Files.delete(rootfs);
    byte[] config =
        ReproducibleConfig.ofRootfs(platform, newest, command, diffId, "a root file system");
    ImageArchive image =
        new ImageArchive(config, List.of(new ImageArchive.Layer(diffId, Optional.of(layer))));
    Path archive = rootfs.resolveSibling("image.tar");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
      image.write(name, out);
    }
    Files.delete(layer);
    return archive;
  }
}

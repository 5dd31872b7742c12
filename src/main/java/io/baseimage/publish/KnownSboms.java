package io.baseimage.publish;

import io.baseimage.archive.KnownParts;
import io.baseimage.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The SBOMs of images that were built on this machine: the build has looked into the image, and
 * publishing it need not do so again. Each has a file of its own, which may be removed at any time.
 */
public final class KnownSboms {
  // Another number whenever the same image gets another document.
  private static final String FOLDER = "sboms-1";

  private final Path folder;

  /** Those in a cache. */
  public KnownSboms(Path cache) {
    this.folder = cache.resolve(FOLDER);
  }

  Optional<byte[]> find(Digest image) {
    try {
      return Optional.of(Files.readAllBytes(folder.resolve(image.hex())));
    } catch (IOException e) {
      // Not there, as a rule. What cannot be read is made again.
      return Optional.empty();
    }
  }

  /** Keeps one, if the cache can be written. */
  public void remember(Digest image, byte[] document) {
    KnownParts.write(folder.resolve(image.hex()), document);
  }
}

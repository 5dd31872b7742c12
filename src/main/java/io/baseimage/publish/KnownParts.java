package io.baseimage.publish;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What layers that were compressed once became, and the configurations of images: a registry that
 * has them can be given a version without taking the image out of the engine again. Each has a file
 * of its own, which may be removed at any time.
 */
final class KnownParts {
  private final Path folder;
  private final Path configs;

  KnownParts(Path cache) {
    this.folder = cache.resolve("layers");
    this.configs = cache.resolve("configs");
  }

  /**
   * A layer.
   *
   * @param digest of the compressed file
   * @param size of the compressed file, in bytes
   * @param tarSize of the tar file, in bytes
   */
  record Known(Digest digest, long size, long tarSize) {}

  Optional<Known> find(Digest diffId) {
    try {
      List<String> words =
          List.of(Files.readString(file(diffId), StandardCharsets.UTF_8).strip().split(" ", -1));
      if (words.size() != 3) {
        return Optional.empty();
      }
      return Optional.of(
          new Known(
              Digest.parse(words.get(0)),
              Long.parseLong(words.get(1)),
              Long.parseLong(words.get(2))));
    } catch (IOException | IllegalArgumentException e) {
      // Not there, as a rule. What cannot be read is not known.
      return Optional.empty();
    }
  }

  void remember(Digest diffId, Known known) {
    String line = known.digest() + " " + known.size() + " " + known.tarSize() + "\n";
    write(file(diffId), line.getBytes(StandardCharsets.UTF_8));
  }

  /** The configuration of that digest. */
  Optional<byte[]> config(Digest digest) {
    Path file = configs.resolve(digest.hex());
    try {
      return Optional.of(Files.readAllBytes(file)).filter(bytes -> Digest.of(bytes).equals(digest));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void rememberConfig(byte[] config) {
    write(configs.resolve(Digest.of(config).hex()), config);
  }

  /** Writes a file whole, or not at all. */
  static void write(Path file, byte[] bytes) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path written = Files.createTempFile(folder, "new", null);
      Files.write(written, bytes);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // It is found out again the next time, which is no reason to fail now.
      return;
    }
  }

  private Path file(Digest diffId) {
    return folder.resolve(diffId.hex());
  }
}

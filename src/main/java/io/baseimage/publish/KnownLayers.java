package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.OutputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What layers that were compressed once became, so that a registry can be asked for them without
 * compressing them again: a file for each, which may be removed at any time.
 */
final class KnownLayers {
  private final Path folder;

  KnownLayers(Path cache) {
    this.folder = cache.resolve("layers");
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
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new OutputException("read what is known of a layer", file(diffId), e);
    }
  }

  void remember(Digest diffId, Known known) {
    try {
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "new", null);
      Files.writeString(
          written, known.digest() + " " + known.size() + " " + known.tarSize() + "\n");
      Files.move(written, file(diffId), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("remember a layer", file(diffId), e);
    }
  }

  private Path file(Digest diffId) {
    return folder.resolve(diffId.hex());
  }
}

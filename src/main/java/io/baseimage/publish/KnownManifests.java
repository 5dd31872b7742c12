package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Manifests that were read once: a file for each, named by its digest. Registries count the reading
 * of a manifest as a pull, and the question for its digest not.
 */
final class KnownManifests {
  private final Path folder;

  KnownManifests(Path cache) {
    this.folder = cache.resolve("manifests");
  }

  /** One with that digest; the media type is the one that it says itself. */
  Optional<Manifest> find(Digest digest) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve(digest.hex()));
      String mediaType = Manifests.read(new Manifest("", bytes)).path("mediaType").asText();
      Manifest manifest = new Manifest(mediaType, bytes);
      return Optional.of(manifest).filter(found -> found.digest().equals(digest));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new OutputException("read a manifest", folder.resolve(digest.hex()), e);
    }
  }

  void remember(Manifest manifest) {
    Path file = folder.resolve(manifest.digest().hex());
    try {
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "new", null);
      Files.write(written, manifest.bytes());
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("remember a manifest", file, e);
    }
  }
}

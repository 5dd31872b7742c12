package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import java.io.IOException;
import java.nio.file.Files;
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
    } catch (IOException e) {
      // Not there, as a rule. What cannot be read is asked for again.
      return Optional.empty();
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
      // It is asked for again the next time, which is no reason to fail now.
      return;
    }
  }
}

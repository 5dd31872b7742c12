package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The tag that a publisher of this user's has had in a repository and has not ended: it has died,
 * and nobody need wait for it. What cannot be read or written costs that wait alone.
 */
final class LastClaim {
  private final Optional<Path> file;

  private LastClaim(Optional<Path> file) {
    this.file = file;
  }

  /** As it is remembered; only for one publisher at a time. */
  static LastClaim of(Workspace workspace, ImageReference repository) {
    return of(workspace.state(), repository);
  }

  static LastClaim of(Path state, ImageReference repository) {
    byte[] name = repository.repository().getBytes(StandardCharsets.UTF_8);
    return new LastClaim(Optional.of(state.resolve("publishers").resolve(Digest.of(name).hex())));
  }

  /** Of one that is not remembered. */
  static LastClaim none() {
    return new LastClaim(Optional.empty());
  }

  Optional<String> get() {
    try {
      return file.isPresent()
          ? Optional.of(Files.readString(file.get()).strip())
              .filter(tag -> tag.startsWith(Claim.TAG_PREFIX))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  void set(String tag) {
    try {
      if (file.isPresent()) {
        Files.createDirectories(file.get().toAbsolutePath().getParent());
        Files.writeString(file.get(), tag + "\n");
      }
    } catch (IOException e) {
      // The next one waits.
      return;
    }
  }

  void clear() {
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      // It is found to have ended.
      return;
    }
  }
}

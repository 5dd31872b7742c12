package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Who this user on this machine is in the queues of repositories: the same from run to run, so that
 * each repository has one tag of it. What it remembers besides tells a run of its own that died
 * from a machine that was copied from this one.
 */
final class PublisherName {
  private static final String FORM = "[0-9a-f]{12}";

  private final Path file;
  private final Path sessions;

  /**
   * As it is remembered in a folder.
   *
   * @param state made when it is needed
   */
  PublisherName(Path state) {
    this.file = state.resolve("publisher");
    this.sessions = state.resolve("publisher-sessions");
  }

  static PublisherName of(Workspace workspace) {
    return new PublisherName(workspace.state());
  }

  /** The name; made up the first time. */
  String get() {
    return read(file).filter(name -> name.matches(FORM)).orElseGet(this::change);
  }

  /** Takes another name, as somebody else has this one, too. */
  String change() {
    write(file, UUID.randomUUID().toString().replace("-", "").substring(0, 12));
    return read(file).orElseThrow();
  }

  /** Whether a session was the last one of this publisher in a repository. */
  boolean wasIn(ImageReference repository, String session) {
    return read(file(repository)).filter(session::equals).isPresent();
  }

  /** Remembers a session before anybody can see it. */
  void enter(ImageReference repository, String session) {
    write(file(repository), session);
  }

  private Path file(ImageReference repository) {
    byte[] name = (get() + " " + repository.repository()).getBytes(StandardCharsets.UTF_8);
    return sessions.resolve(Digest.of(name).hex());
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new OutputException("read this publisher's name", file, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path written = Files.createTempFile(folder, "publisher", null);
      Files.writeString(written, text + "\n");
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("remember this publisher's name", file, e);
    }
  }
}

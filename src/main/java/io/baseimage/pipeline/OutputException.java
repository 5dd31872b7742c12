package io.baseimage.pipeline;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Something could not be written where it was asked for. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;

  /**
   * A failure.
   *
   * @param tried what was tried, for example {@code write the metadata}
   * @param path where
   * @param cause what was seen
   */
  public OutputException(String tried, Path path, IOException cause) {
    super("Tried to " + tried + " at " + path + ": " + reason(cause), cause);
    this.path = path;
  }

  /** Where it was tried. */
  public Path path() {
    return path;
  }

  /** Java's own messages of these are nothing but the path. */
  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied; name another folder by --output";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "it is a file, not a folder; name another folder by --output";
    }
    if (cause instanceof NoSuchFileException missing) {
      return "no such file or folder: " + missing.getFile();
    }
    if (cause instanceof FileSystemException failure && failure.getReason() != null) {
      String advice =
          failure.getReason().contains("Read-only") ? "; name another folder by --output" : "";
      return failure.getReason() + advice;
    }
    return String.valueOf(cause.getMessage());
  }
}

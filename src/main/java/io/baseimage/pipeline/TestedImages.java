package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which images this user's contract suite has passed: an empty file for each. */
public final class TestedImages {
  private final Path folder;

  /** Those of a workspace. */
  public TestedImages(Workspace workspace) {
    this.folder = workspace.state().resolve("tested");
  }

  /** Whether every check of the image held. */
  public boolean has(Digest imageId) {
    return Files.exists(folder.resolve(imageId.hex()));
  }

  /** Notes that every check of the image held. */
  public void add(Digest imageId) {
    Path file = folder.resolve(imageId.hex());
    try {
      Files.createDirectories(folder);
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      throw new OutputException("note that an image was tested", file, e);
    }
  }
}

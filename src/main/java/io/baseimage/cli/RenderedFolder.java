package io.baseimage.cli;

import io.baseimage.context.BuildContext;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Workspace;
import io.baseimage.template.DockerfileTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder that a render may write: it does not exist, is empty, or came of an earlier render,
 * whose files go before the new ones come.
 */
final class RenderedFolder {
  private final Path folder;

  private RenderedFolder(Path folder) {
    this.folder = folder;
  }

  /** Looks at the folder; throws {@link UsageException} if it holds something else. */
  static RenderedFolder of(Path folder) {
    try {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
        throw new UsageException("--output: " + folder + " is not a folder");
      }
      if (Files.isDirectory(folder) && !isEmpty(folder) && !isRendered(folder)) {
        throw new UsageException(
            "--output: " + folder + " holds files that no render wrote; name a new folder");
      }
      return new RenderedFolder(folder);
    } catch (IOException e) {
      throw new OutputException("look at the folder", folder, e);
    }
  }

  /** Replaces what is in the folder. */
  void write(BuildContext context) {
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(folder.resolve("Dockerfile"));
      Workspace.deleteTree(folder.resolve("rootfs"));
      context.writeDirectory(folder);
    } catch (IOException e) {
      throw new OutputException("write the build context", folder, e);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static boolean isRendered(Path folder) throws IOException {
    Path dockerfile = folder.resolve("Dockerfile");
    if (!Files.isRegularFile(dockerfile)
        || !Files.readString(dockerfile).startsWith(DockerfileTemplate.FIRST_LINE)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .allMatch(name -> name.equals("Dockerfile") || name.equals("rootfs"));
    }
  }
}

package io.baseimage.bootstrap;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Removes folders; what cannot be removed is left to whoever owns the folder above. */
final class Folders {
  private Folders() {}

  static void emptyQuietly(Path folder) {
    try (Stream<Path> content = Files.list(folder)) {
      List<Path> each = content.toList();
      each.forEach(Folders::removeQuietly);
    } catch (IOException e) {
      // There is nothing to empty.
    }
  }

  static void removeQuietly(Path path) {
    try {
      Files.walkFileTree(path, new Removal());
    } catch (IOException e) {
      // It was never made, or something of it cannot be removed.
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}

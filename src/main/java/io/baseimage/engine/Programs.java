package io.baseimage.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds programs on the PATH, and where the PATH of a user who is not root does not look. */
final class Programs {
  private static final List<String> SYSTEM =
      List.of("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin");

  private final Set<Path> folders = new LinkedHashSet<>();

  Programs(Surroundings surroundings) {
    surroundings.variable("PATH").stream()
        .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .forEach(folders::add);
    SYSTEM.forEach(folder -> folders.add(surroundings.fileSystem().resolve(folder)));
  }

  Optional<Path> find(String program) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** All of the folders, as a PATH. */
  String path() {
    return String.join(File.pathSeparator, folders.stream().map(Path::toString).toList());
  }
}

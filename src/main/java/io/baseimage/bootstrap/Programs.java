package io.baseimage.bootstrap;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folders that programs are in: the PATH's, and those that a user's PATH may leave out. */
final class Programs {
  private static final List<String> SYSTEM = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final Set<String> folders = new LinkedHashSet<>();

  Programs(Map<String, String> environment) {
    Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .forEach(folders::add);
    folders.addAll(SYSTEM);
  }

  Optional<Path> find(String program) {
    return folders.stream()
        .map(folder -> Path.of(folder, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** All of the folders, as a PATH. */
  String path() {
    return String.join(File.pathSeparator, folders);
  }
}

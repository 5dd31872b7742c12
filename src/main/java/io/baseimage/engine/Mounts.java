package io.baseimage.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Mounts that an engine which did not end in order has left. */
final class Mounts {
  private static final Path TABLE = Path.of("/proc/self/mounts");

  private Mounts() {}

  /** Unmounts whatever is mounted on a folder or below it, the latest first. */
  static void release(Path folder, Path umount) throws IOException, InterruptedException {
    for (Path mount : at(folder)) {
      new ProcessBuilder(umount.toString(), mount.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private static List<Path> at(Path folder) throws IOException {
    if (!Files.isReadable(TABLE)) {
      return List.of();
    }
    List<Path> mounts =
        Files.readAllLines(TABLE).stream()
            .map(line -> line.split(" ", 3)[1].replace("\\040", " "))
            .map(Path::of)
            .filter(mount -> mount.startsWith(folder))
            .collect(Collectors.toList());
    Collections.reverse(mounts);
    return mounts;
  }
}

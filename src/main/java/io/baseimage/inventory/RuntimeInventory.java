package io.baseimage.inventory;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.RuntimeFile;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which files of an image the toolkit has put there, by the list that it puts there with them. */
final class RuntimeInventory {
  /** What images of earlier days, which have no list, have at least. */
  private static final List<String> PROGRAMS =
      List.of(
          "/usr/sbin/container-ready",
          "/usr/sbin/install_clean",
          "/usr/sbin/my_init",
          "/usr/sbin/setuser");

  // As sha256sum(1) writes it for text and for binary files. None lies in the root itself, which
  // would have to be read for it.
  private static final Pattern LINE = Pattern.compile("[0-9a-f]{64} [ *](/[^/]+/.+)");

  private final Set<String> paths;

  private RuntimeInventory(Set<String> paths) {
    this.paths = paths;
  }

  /** The files that a list names; no more than the programs without one. */
  static RuntimeInventory of(byte[] list) {
    Set<String> paths = new TreeSet<>();
    for (String line : new String(list, StandardCharsets.UTF_8).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && !matcher.group(1).contains("/../")) {
        paths.add(matcher.group(1));
      }
    }
    return new RuntimeInventory(paths);
  }

  /** Those of an image that has no list. */
  static RuntimeInventory ofPrograms() {
    return new RuntimeInventory(new TreeSet<>(PROGRAMS));
  }

  /** The folders to read, as few as may be: an engine takes long for each, and not for a file. */
  List<String> folders() {
    return paths.stream()
        .map(path -> path.startsWith("/etc/") ? "/etc" : path.substring(0, path.lastIndexOf('/')))
        .distinct()
        .toList();
  }

  /** Whether a file is one of them. */
  boolean has(String path) {
    return paths.contains(path);
  }

  /** Those that are there, as they are now. */
  List<RuntimeFile> files(Map<String, byte[]> read) {
    return read.entrySet().stream()
        .filter(file -> has(file.getKey()))
        .map(file -> new RuntimeFile(file.getKey(), Digest.of(file.getValue())))
        .sorted(Comparator.comparing(RuntimeFile::path))
        .toList();
  }
}

package io.baseimage.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What an engine that did not come up has to say. */
final class DaemonLog {
  private static final int LINES = 15;

  private final List<String> lines;

  DaemonLog(Path file) {
    this.lines = read(file);
  }

  private static List<String> read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of("(cannot be read: " + e + ")");
    }
  }

  /** Its last lines. */
  List<String> end() {
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }

  /** What to do about it, as a sentence; empty where nothing is known. */
  String advice() {
    String end = String.join("\n", end()).toLowerCase(Locale.ROOT);
    if (end.contains("iptables") && !end.contains("permission")) {
      return "Containers get no network without iptables: install the package 'iptables'. ";
    }
    if (end.contains("cgroup") && end.contains("mount")) {
      return "The control groups are not mounted: install 'cgroupfs-mount', or mount cgroup2 on"
          + " /sys/fs/cgroup. ";
    }
    if (end.contains("containerd") && end.contains("executable file not found")) {
      return "dockerd needs containerd: install the package 'containerd'. ";
    }
    if (Failures.noSpace(end)) {
      return "No space is left on its disk. ";
    }
    if (end.contains("permission denied") || end.contains("operation not permitted")) {
      return "It may not do what an engine has to: run on a real or virtual machine, or in a"
          + " container that is privileged. ";
    }
    return "";
  }
}

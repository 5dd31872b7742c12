package io.baseimage.bootstrap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a root file system in a folder to a tar file of it. */
final class RootfsArchive {
  /** Downloads, lists, logs, and what is this machine's; what debconf leaves of its last change. */
  private static final List<String> LEFT_OUT =
      List.of(
          "./dev/*",
          "./proc/*",
          "./sys/*",
          "./tmp/*",
          "./debootstrap",
          "./etc/hostname",
          "./etc/resolv.conf",
          "./var/cache/apt/*.bin",
          "./var/cache/apt/archives/*.deb",
          "./var/cache/apt/archives/partial/*",
          "./var/cache/debconf/*-old",
          "./var/cache/ldconfig/aux-cache",
          "./var/lib/apt/lists/*",
          "./var/log/*.log",
          "./var/log/apt/*");

  private RootfsArchive() {}

  /** The command that makes the tar file; the same folder gives the same bytes. */
  static List<String> command(Path rootfs, Path tar, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "tar",
            "--create",
            "--file=" + tar,
            "--directory=" + rootfs,
            "--format=pax",
            "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
            "--numeric-owner",
            "--sort=name",
            "--xattrs",
            "--xattrs-include=*",
            "--anchored",
            "--wildcards"));
    LEFT_OUT.forEach(pattern -> command.add("--exclude=" + pattern));
    command.addAll(times(environment));
    command.add("./");
    return command;
  }

  /** The command that adds one folder to a tar file, as root's. */
  static List<String> append(
      Path tar, Path rootfs, String folder, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "tar",
            "--append",
            "--file=" + tar,
            "--directory=" + rootfs,
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=0755"));
    command.addAll(times(environment));
    command.add(folder);
    return command;
  }

  private static List<String> times(Map<String, String> environment) {
    String epoch = environment.get("SOURCE_DATE_EPOCH");
    return epoch == null || epoch.isBlank()
        ? List.of()
        : List.of("--mtime=@" + epoch, "--clamp-mtime");
  }
}

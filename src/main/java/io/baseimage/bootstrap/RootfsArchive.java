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
    String epoch = environment.get("SOURCE_DATE_EPOCH");
    if (epoch != null && !epoch.isBlank()) {
      command.add("--mtime=@" + epoch);
      command.add("--clamp-mtime");
    }
    command.add("./");
    return command;
  }
}

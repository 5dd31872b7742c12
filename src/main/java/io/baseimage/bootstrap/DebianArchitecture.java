package io.baseimage.bootstrap;

import io.baseimage.image.Platform;

/** Debian's words for what OCI calls otherwise. */
final class DebianArchitecture {
  private DebianArchitecture() {}

  static String of(Platform platform) {
    return switch (platform.architecture()) {
      case "386" -> "i386";
      case "arm" -> "armhf";
      case "ppc64le" -> "ppc64el";
      case "mips64le" -> "mips64el";
      default -> platform.architecture();
    };
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.Platform;
import java.util.Locale;

/** Running another architecture's programs, by qemu-user and the kernel's binfmt_misc. */
public final class Emulation {
  /** What to do where it is missing. */
  public static final String ADVICE =
      "Another architecture's programs do not run here. On Debian and Ubuntu: apt-get install"
          + " qemu-user-static binfmt-support arch-test; where that leaves"
          + " /proc/sys/fs/binfmt_misc empty (in a container): mount -t binfmt_misc binfmt_misc"
          + " /proc/sys/fs/binfmt_misc && update-binfmts --enable. For an engine elsewhere: docker"
          + " run --privileged --rm tonistiigi/binfmt --install all";

  /** How much longer everything may take under it. */
  private static final double SLOWNESS = 5;

  private Emulation() {}

  /**
   * What the deadlines of checks are multiplied by for an image of that platform on that engine.
   */
  public static double timeoutScale(Platform platform, EngineInfo engine) {
    return platform.equals(engine.platform()) ? 1 : SLOWNESS;
  }

  /** Whether a tool's output says that it is missing. */
  public static boolean isMissing(String output) {
    String text = output.toLowerCase(Locale.ROOT);
    return text.contains("exec format error")
        || text.contains("binfmt_misc")
        || text.contains("arch-test");
  }
}

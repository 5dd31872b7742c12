package io.baseimage.pipeline;

import io.baseimage.image.Platform;
import io.baseimage.variant.Bootstrap;
import java.nio.file.Path;

/** Makes a base's root file system from a distribution's signed packages. */
@FunctionalInterface
public interface Bootstrapper {

  /**
   * Makes a root file system.
   *
   * @param directory an empty folder that the result and everything temporary goes into
   * @return a tar file in that folder
   * @throws BootstrapException when it cannot be made
   * @throws InterruptedRunException when the thread is interrupted
   */
  Path bootstrap(Bootstrap recipe, Platform platform, Path directory, RunLog log);
}

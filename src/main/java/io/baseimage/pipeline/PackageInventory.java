package io.baseimage.pipeline;

import java.util.List;

/** Says what packages an image holds. */
@FunctionalInterface
public interface PackageInventory {

  /**
   * The packages that are installed in an image, by name. Empty where the image has no package
   * database that is known.
   */
  List<InstalledPackage> packages(Engine engine, EngineImage image);
}

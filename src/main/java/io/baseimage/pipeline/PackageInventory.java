package io.baseimage.pipeline;

import java.util.List;

/** Says what an image holds. */
public interface PackageInventory {

  /**
   * The packages that are installed in an image, by name: quick, without their licences. Empty
   * where the image has no package database that is known.
   */
  List<InstalledPackage> packages(Engine engine, EngineImage image);

  /** All that can be told of an image. */
  Inventory inventory(Engine engine, EngineImage image);
}

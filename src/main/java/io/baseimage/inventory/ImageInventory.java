package io.baseimage.inventory;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.PackageInventory;
import java.util.List;

/** The packages of an image, by the package manager that it has. */
public final class ImageInventory implements PackageInventory {
  private final List<PackageInventory> kinds = List.of(new DpkgInventory(), new RpmInventory());

  @Override
  public List<InstalledPackage> packages(Engine engine, EngineImage image) {
    return kinds.stream()
        .map(kind -> kind.packages(engine, image))
        .filter(packages -> !packages.isEmpty())
        .findFirst()
        .orElse(List.of());
  }
}

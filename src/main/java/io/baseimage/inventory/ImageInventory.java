package io.baseimage.inventory;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.PackageInventory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contents of an image, by the package manager that it has. Files are read out of it without
 * running it; its own rpm is run, without a network, as no other knows its database.
 */
public final class ImageInventory implements PackageInventory {
  private static final byte[] NOTHING = new byte[0];

  @Override
  public List<InstalledPackage> packages(Engine engine, EngineImage image) {
    return packages(engine, image, read(engine, image));
  }

  @Override
  public Inventory inventory(Engine engine, EngineImage image) {
    Map<String, byte[]> first = read(engine, image);
    List<InstalledPackage> packages = packages(engine, image, first);
    Optional<PackageFormat> format = format(first).filter(known -> !packages.isEmpty());
    Optional<RuntimeInventory> runtime = runtime(image, first);
    List<String> folders = new ArrayList<>();
    if (format.equals(Optional.of(PackageFormat.DEB))) {
      folders.add(DpkgInventory.DOCUMENTATION);
    }
    runtime.ifPresent(list -> folders.addAll(list.folders()));
    Map<String, byte[]> rest =
        folders.isEmpty()
            ? Map.of()
            : engine.readFiles(
                image.id().toString(),
                folders,
                path ->
                    DpkgInventory.isCopyright(path)
                        || runtime.filter(list -> list.has(path)).isPresent());
    return new Inventory(
        OsRelease.parse(text(first, OsRelease.PATH)),
        format,
        format.equals(Optional.of(PackageFormat.DEB))
            ? DpkgInventory.withLicences(packages, rest)
            : packages,
        runtime.map(list -> list.files(rest)).orElse(List.of()));
  }

  private static Map<String, byte[]> read(Engine engine, EngineImage image) {
    List<String> paths = new ArrayList<>(RpmInventory.PROGRAMS);
    paths.addAll(List.of(DpkgInventory.STATUS, OsRelease.PATH, ImageRecipe.RUNTIME_LIST));
    return engine.readFiles(image.id().toString(), paths);
  }

  private static List<InstalledPackage> packages(
      Engine engine, EngineImage image, Map<String, byte[]> files) {
    List<InstalledPackage> packages = DpkgInventory.parse(text(files, DpkgInventory.STATUS));
    return packages.isEmpty()
        ? rpm(files).map(program -> RpmInventory.packages(engine, image, program)).orElse(List.of())
        : packages;
  }

  /** Debian has rpm, too, as a package; nobody has dpkg's packages beside those of rpm. */
  private static Optional<PackageFormat> format(Map<String, byte[]> files) {
    if (!DpkgInventory.parse(text(files, DpkgInventory.STATUS)).isEmpty()) {
      return Optional.of(PackageFormat.DEB);
    }
    return rpm(files).map(program -> PackageFormat.RPM);
  }

  private static Optional<String> rpm(Map<String, byte[]> files) {
    return RpmInventory.PROGRAMS.stream().filter(files::containsKey).findFirst();
  }

  private static Optional<RuntimeInventory> runtime(EngineImage image, Map<String, byte[]> files) {
    byte[] list = files.get(ImageRecipe.RUNTIME_LIST);
    if (list != null) {
      return Optional.of(RuntimeInventory.of(list));
    }
    return image.labels().containsKey(ImageRecipe.VARIANT_LABEL)
        ? Optional.of(RuntimeInventory.ofPrograms())
        : Optional.empty();
  }

  private static String text(Map<String, byte[]> files, String path) {
    return new String(files.getOrDefault(path, NOTHING), StandardCharsets.UTF_8);
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What is in an image.
 *
 * @param system what it says that it is
 * @param format whose rules its packages go by; empty if no package database is there that is known
 * @param packages what is installed, by name
 * @param runtime the files that the toolkit has put there, by path; none if it was another's
 */
public record Inventory(
    OsRelease system,
    Optional<PackageFormat> format,
    List<InstalledPackage> packages,
    List<RuntimeFile> runtime) {

  /** That of an image of which nothing is known. */
  public static final Inventory EMPTY =
      new Inventory(OsRelease.UNKNOWN, Optional.empty(), List.of(), List.of());

  /** Copies the lists. */
  public Inventory {
    packages = List.copyOf(packages);
    runtime = List.copyOf(runtime);
  }

  /**
   * The digest of the runtime's list, in which one changed file is another runtime. That of the
   * list in the image, if no file was changed since.
   */
  public Optional<Digest> fingerprint() {
    if (runtime.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder list = new StringBuilder();
    runtime.forEach(
        file -> list.append(file.digest().hex()).append("  ").append(file.path()).append('\n'));
    return Optional.of(Digest.of(list.toString().getBytes(StandardCharsets.UTF_8)));
  }
}

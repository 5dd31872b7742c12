package io.baseimage.pipeline;

/**
 * A package of an image.
 *
 * @param name its name
 * @param version its version, in the package manager's own writing
 * @param architecture its architecture, in the package manager's own writing
 */
public record InstalledPackage(String name, String version, String architecture)
    implements Comparable<InstalledPackage> {

  @Override
  public int compareTo(InstalledPackage other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : architecture.compareTo(other.architecture);
  }
}

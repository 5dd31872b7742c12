package io.baseimage.pipeline;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A package of an image. What an image says of itself may be anything, so control characters are
 * replaced.
 *
 * @param name its name
 * @param version its version, in the package manager's own writing, with the epoch if it has one
 * @param architecture its architecture, in the package manager's own writing
 * @param source what it was built from; empty if that is not known
 * @param licences its licences: SPDX's identifiers where the distribution's names mean one, else
 *     these; none if they are not known
 */
public record InstalledPackage(
    String name,
    String version,
    String architecture,
    Optional<SourcePackage> source,
    List<String> licences)
    implements Comparable<InstalledPackage> {

  private static final Comparator<InstalledPackage> ORDER =
      Comparator.comparing(InstalledPackage::name)
          .thenComparing(InstalledPackage::architecture)
          .thenComparing(InstalledPackage::version);

  /**
   * The source of a package.
   *
   * @param name its name
   * @param version its version, in the package manager's own writing
   */
  public record SourcePackage(String name, String version) {

    /** Replaces control characters. */
    public SourcePackage {
      name = PlainText.of(name);
      version = PlainText.of(version);
    }
  }

  /** Copies the list and replaces control characters. */
  public InstalledPackage {
    name = PlainText.of(name);
    version = PlainText.of(version);
    architecture = PlainText.of(architecture);
    licences = licences.stream().map(PlainText::of).toList();
  }

  /** A package of which no more is known. */
  public InstalledPackage(String name, String version, String architecture) {
    this(name, version, architecture, Optional.empty(), List.of());
  }

  /** By name, then by architecture, as a package may be there for several. */
  @Override
  public int compareTo(InstalledPackage other) {
    return ORDER.compare(this, other);
  }
}

package io.baseimage.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * What is not the same in two images.
 *
 * @param packages by kind and name; empty if the packages of one of them are not known
 * @param runtime the files of the runtime, by path; empty if those of one of them are not known
 * @param configuration the settings, by name
 */
public record ImageDifference(
    ImageDescription from,
    ImageDescription to,
    Optional<List<PackageChange>> packages,
    Optional<List<Change>> runtime,
    List<Change> configuration) {

  /**
   * Something that was added, removed or is another now.
   *
   * @param name a setting's name or a file's path
   * @param before its value or digest in the first one; empty if it was not there
   * @param after its value or digest in the second one; empty if it is not there any more
   */
  public record Change(String name, Optional<String> before, Optional<String> after) {

    /** In a word. */
    public String word() {
      return before.isEmpty() ? "added" : after.isEmpty() ? "removed" : "changed";
    }
  }

  /** Copies the lists. */
  public ImageDifference {
    packages = packages.map(List::copyOf);
    runtime = runtime.map(List::copyOf);
    configuration = List.copyOf(configuration);
  }

  /**
   * Whether nothing differs, as far as it is known; names and sizes, which follow from the rest, do
   * not count.
   */
  public boolean isEmpty() {
    return configuration.isEmpty()
        && packages.map(List::isEmpty).orElse(from.digest().equals(to.digest()))
        && runtime.map(List::isEmpty).orElse(from.digest().equals(to.digest()));
  }
}

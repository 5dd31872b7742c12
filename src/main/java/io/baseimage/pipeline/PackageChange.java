package io.baseimage.pipeline;

import java.util.Optional;

/**
 * What became of a package between two images.
 *
 * @param before its version in the first one; empty if it was not there
 * @param after its version in the second one; empty if it is not there any more
 */
public record PackageChange(
    Kind kind, String name, String architecture, Optional<String> before, Optional<String> after) {

  /** What became of it. */
  public enum Kind {
    /** It has a higher version, by the package manager's rules. */
    UPGRADED,
    /** It has a lower version, by the package manager's rules. */
    DOWNGRADED,
    /** It was not there. */
    ADDED,
    /** It is not there any more. */
    REMOVED,
    /** It is another in a way that says nothing of order, for example of another architecture. */
    CHANGED
  }
}

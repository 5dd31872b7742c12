package io.baseimage.pipeline;

/**
 * A package of an image of which its distribution has a newer version.
 *
 * @param name its name
 * @param before the version in the image, in the package manager's own writing
 * @param after the version that an upgrade would install
 * @param security whether the distribution has said that the step closes a hole
 */
public record Upgrade(String name, String before, String after, Security security) {

  /** Whether a hole is closed; what may be one comes before what is none. */
  public enum Security {
    /** The distribution has said so. */
    YES,
    /** The distribution could not be asked. */
    UNKNOWN,
    /** The distribution has said nothing of the kind. */
    NO;

    /** As the distribution has said it. */
    public static Security of(boolean isOfSecurity) {
      return isOfSecurity ? YES : NO;
    }
  }

  /** Replaces control characters. */
  public Upgrade {
    name = PlainText.of(name);
    before = PlainText.of(before);
    after = PlainText.of(after);
  }
}

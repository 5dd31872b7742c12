package io.baseimage.version;

/** A month, or a release, has no number left for a variant. */
public final class VersionOverflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VersionOverflowException(String variant, String series, boolean isRelease) {
    super(
        "no version is left for "
            + variant
            + " in "
            + series
            + ": the tag of its last number, "
            + ImageVersion.MAX_NUMBER
            + ", is taken; "
            + (isRelease ? "" : "wait for the next month, or ")
            + "publish to another repository");
  }
}

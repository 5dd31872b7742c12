package io.baseimage.version;

import java.time.YearMonth;

/** A month has no number left for a variant. */
public final class VersionOverflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String variantName;
  private final YearMonth month;

  VersionOverflowException(String variantName, YearMonth month) {
    super(
        "no version is left for "
            + variantName
            + " in "
            + month
            + ": the tag of its last number, "
            + CalendarVersion.MAX_NUMBER
            + ", is taken; wait for the next month, or publish to another repository");
    this.variantName = variantName;
    this.month = month;
  }

  /** The variant that wanted a version. */
  public String variantName() {
    return variantName;
  }

  /** The month that is full. */
  public YearMonth month() {
    return month;
  }
}

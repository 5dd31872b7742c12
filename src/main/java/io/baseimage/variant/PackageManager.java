package io.baseimage.variant;

import java.util.Locale;

/** A family of package managers, which has one file of template macros. */
public enum PackageManager {
  APT,
  /** dnf too, which newer releases call by the name of yum. */
  YUM;

  /** As templates write it: {@code apt}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

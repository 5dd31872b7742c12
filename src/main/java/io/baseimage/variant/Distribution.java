package io.baseimage.variant;

import java.util.Locale;

/** The distributions that the toolkit knows. */
public enum Distribution {
  DEBIAN("Debian", PackageManager.APT),
  UBUNTU("Ubuntu", PackageManager.APT),
  AMAZONLINUX("Amazon Linux", PackageManager.YUM);

  private final String title;
  private final PackageManager packageManager;

  Distribution(String title, PackageManager packageManager) {
    this.title = title;
    this.packageManager = packageManager;
  }

  /** What installs its packages. */
  public PackageManager packageManager() {
    return packageManager;
  }

  /** As its makers write it: {@code Debian}. */
  public String title() {
    return title;
  }

  /** As variants write it: {@code debian}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As its systems call themselves in {@code /etc/os-release}: {@code debian}. */
  public String osReleaseId() {
    return this == AMAZONLINUX ? "amzn" : id();
  }
}

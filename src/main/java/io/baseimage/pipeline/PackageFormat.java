package io.baseimage.pipeline;

/** Whose rules packages are named and numbered by. */
public enum PackageFormat {
  /** dpkg's. */
  DEB,
  /** rpm's. */
  RPM
}

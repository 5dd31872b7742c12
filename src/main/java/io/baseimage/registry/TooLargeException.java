package io.baseimage.registry;

import java.io.IOException;

/** An answer has more bytes than it may have. */
final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLargeException(long maximum) {
    super("more than " + maximum + " bytes");
  }
}

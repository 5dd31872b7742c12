package io.baseimage.engine;

import org.jspecify.annotations.Nullable;

/** An address was tried and no usable engine is there; the message says what was seen. */
final class Silence extends Exception {
  private static final long serialVersionUID = 1L;

  Silence(String seen, @Nullable Throwable cause) {
    super(seen, cause);
  }

  /** What was seen. */
  String seen() {
    return String.valueOf(getMessage());
  }
}

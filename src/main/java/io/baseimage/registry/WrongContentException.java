package io.baseimage.registry;

import java.io.IOException;

/** Bytes are not the ones that they should be; trying again would not change them. */
final class WrongContentException extends IOException {
  private static final long serialVersionUID = 1L;

  WrongContentException(String message) {
    super(message);
  }
}

package io.baseimage.registry;

import java.io.IOException;

/** A registry took something and does not show it yet. */
final class NotYetException extends IOException {
  private static final long serialVersionUID = 1L;

  NotYetException(String message) {
    super(message);
  }
}

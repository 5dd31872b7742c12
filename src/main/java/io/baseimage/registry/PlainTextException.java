package io.baseimage.registry;

import java.io.IOException;

/** A registry sends us on to where a stranger could listen in. */
final class PlainTextException extends IOException {
  private static final long serialVersionUID = 1L;

  PlainTextException(String message) {
    super(message);
  }
}

package io.baseimage.publish;

/** A published image cannot get another runtime without a build. The message says why. */
public final class NotExchangeableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Because of that. */
  public NotExchangeableException(String message) {
    super(message);
  }
}

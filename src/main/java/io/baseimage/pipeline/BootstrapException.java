package io.baseimage.pipeline;

/** A base could not be made from packages. The message says what was tried and what to do. */
public final class BootstrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure. */
  public BootstrapException(String message) {
    super(message);
  }

  /** A failure with its cause. */
  public BootstrapException(String message, Throwable cause) {
    super(message, cause);
  }
}

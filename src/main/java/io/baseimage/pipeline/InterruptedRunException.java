package io.baseimage.pipeline;

/** The run was told to stop (Ctrl-C, TERM) and what it was doing has been stopped and cleared. */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was being done. */
  public InterruptedRunException(String doing) {
    super("interrupted while " + doing);
  }
}

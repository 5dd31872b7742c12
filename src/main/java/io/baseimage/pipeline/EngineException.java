package io.baseimage.pipeline;

/** An engine could not be had, or could not do what it was asked. The message says what to do. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** No engine answers, or the one that did is gone. */
    UNREACHABLE,
    /** There is no such image. */
    NOT_FOUND,
    /** A registry gave no usable answer. */
    REGISTRY,
    /** A step of a build failed. */
    BUILD,
    /** No space is left for the engine. */
    NO_SPACE,
    /** The engine made an image for another platform than it was asked for, or cannot make it. */
    PLATFORM,
    /** The engine refused for another reason. */
    REFUSED
  }

  private final Kind kind;

  /**
   * A failure.
   *
   * @param kind what went wrong
   * @param message what was tried, on what, what was seen, what to do
   */
  public EngineException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /**
   * A failure with its cause.
   *
   * @param kind what went wrong
   * @param message what was tried, on what, what was seen, what to do
   * @param cause what was thrown
   */
  public EngineException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }
}

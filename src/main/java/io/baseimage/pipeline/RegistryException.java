package io.baseimage.pipeline;

/**
 * A registry could not be reached, or did not do what it was asked. The message says what to do; it
 * never has a password or token in it, nor has a cause.
 */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** Settings that contradict each other or cannot be read; nothing was asked of a registry. */
    SETTINGS,
    /** Docker's configuration, or a program that it names, does not tell the user's credentials. */
    LOGIN,
    /** No connection, or one that broke each time. */
    UNREACHABLE,
    /** No credentials, or ones that the registry does not take. */
    UNAUTHORIZED,
    /** This user may not do that. */
    DENIED,
    /** There is no such thing in the registry. */
    NOT_FOUND,
    /** Too many requests, for longer than we wait. */
    RATE_LIMITED,
    /** Server errors, for longer than we wait. */
    UNAVAILABLE,
    /** The registry took something, and did not show it for longer than we wait. */
    UNSEEN,
    /** Somebody has published something else in the place that a version was to take. */
    REPLACED,
    /** The registry refused for another reason. */
    REFUSED,
    /** Bytes are not the ones that they should be. */
    WRONG_CONTENT
  }

  private final Kind kind;

  /**
   * A failure.
   *
   * @param kind what went wrong
   * @param message what was tried, on what, what was seen, what to do
   */
  public RegistryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The message, for where one line is all the room that there is. */
  public String inOneLine() {
    return String.valueOf(getMessage()).replace('\n', ' ');
  }

  /** Whether somebody else may be let in, which registries say of what is not there, too. */
  public boolean isForbidden() {
    return kind == Kind.UNAUTHORIZED || kind == Kind.DENIED;
  }
}

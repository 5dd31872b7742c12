package io.baseimage.pipeline;

import java.util.List;

/** No base could be had. */
public final class BaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> attempts;
  private final String advice;

  /**
   * A failure.
   *
   * @param variant the variant that needs the base
   * @param attempts what was tried and what was seen, one line each
   * @param advice what to do
   */
  public BaseException(String variant, List<String> attempts, String advice) {
    super(
        "No base for "
            + variant
            + ":\n"
            + String.join("", attempts.stream().map(line -> "  - " + line + "\n").toList())
            + advice);
    this.attempts = List.copyOf(attempts);
    this.advice = advice;
  }

  /** The same about the base that the runtime is compiled on. */
  BaseException ofToolchain() {
    return new BaseException("the toolchain that compiles the runtime", attempts, advice);
  }

  /** What was tried and what was seen. */
  public List<String> attempts() {
    return attempts;
  }
}

package io.baseimage.variant;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A variant does not exist or cannot be used. Its message has one line for each problem. */
public final class VariantException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  // Not serialized with the exception: a path is not serializable.
  private final transient List<Problem> problems;

  /** One line of the message for each problem, of which there is one at least. */
  public VariantException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  VariantException(Problem problem) {
    this(List.of(problem));
  }

  /** All that is wrong: the variant's own file first, then those it extends, each by line. */
  public List<Problem> problems() {
    return problems;
  }
}

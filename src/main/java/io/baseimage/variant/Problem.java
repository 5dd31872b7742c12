package io.baseimage.variant;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * One thing that is wrong with a variant.
 *
 * @param file the file, or the folder of variants where no file is at fault
 * @param line the line, from 1; 0 where the whole file is meant
 * @param column the column in characters, from 1; 0 where the whole file is meant
 * @param path the property, for example {@code base.bootstrap.tool} or {@code packages[2]}; empty
 *     where the document as a whole is meant
 * @param message what was expected, what was found, and what to do
 */
public record Problem(Path file, int line, int column, String path, String message) {

  /** From the top of a file to its end. */
  static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::path)
          .thenComparing(Problem::message);

  /** Throws {@link IllegalArgumentException} for a line or column below 0. */
  public Problem {
    if (line < 0 || column < 0) {
      throw new IllegalArgumentException("not a place in a file: " + line + ":" + column);
    }
  }

  /** As compilers write it: {@code file:line:column: path: message}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(file);
    if (line > 0) {
      text.append(':').append(line).append(':').append(column);
    }
    text.append(": ");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    return text.append(message).toString();
  }
}

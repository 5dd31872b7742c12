package io.baseimage.cli;

import java.util.Locale;
import picocli.CommandLine.Option;

/** For whom something is written. */
final class TextFormat {
  /** For people, for programs, for a page. */
  enum Kind {
    TEXT,
    JSON,
    MARKDOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--format",
      paramLabel = "text|json|markdown",
      defaultValue = "text",
      description = "For people, for programs or for a page (default: ${DEFAULT-VALUE}).")
  private Kind kind = Kind.TEXT;

  Kind get() {
    return kind;
  }
}

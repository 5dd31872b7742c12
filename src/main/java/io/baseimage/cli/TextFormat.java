package io.baseimage.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Supplier;
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

  /** Prints what is written in the form that was asked for. */
  void print(
      PrintStream out, Supplier<String> text, Supplier<String> json, Supplier<String> markdown) {
    out.print(
        switch (kind) {
          case TEXT -> text.get();
          case JSON -> json.get();
          case MARKDOWN -> markdown.get();
        });
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where else a report goes. */
final class SummaryArgument {
  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description =
          "Append the report as a page in Markdown, for example \"$GITHUB_STEP_SUMMARY\".")
  private @Nullable Path summary;

  /** Appends the page, if that was asked for. */
  void append(Surroundings surroundings, Supplier<String> markdown) {
    if (summary == null) {
      return;
    }
    Path file = surroundings.resolve(summary);
    try {
      Files.writeString(file, markdown.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new OutputException("write the summary", file, e);
    }
  }
}

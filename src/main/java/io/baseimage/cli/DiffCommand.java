package io.baseimage.cli;

import io.baseimage.inventory.Differences;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.report.DifferenceReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what differs between two images. */
@Command(
    name = "diff",
    description =
        "Tell what differs between two images: packages, files of the runtime, size and"
            + " configuration. No layer of an image in a registry is read.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FROM", description = NamedImages.FORM)
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "The same.")
  private String to = "";

  @Mixin private TextFormat format = new TextFormat();

  @Option(names = "--exit-code", description = "End with status 4 if something differs.")
  private boolean exitCode;

  @Mixin private NamedImages.Arguments arguments = new NamedImages.Arguments();

  private final Toolkit toolkit;

  DiffCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = arguments.console(toolkit);
    try (NamedImages images = new NamedImages(toolkit, arguments, console)) {
      ImageDifference difference = Differences.between(images.describe(from), images.describe(to));
      console.clear();
      format.print(
          toolkit.surroundings().out(),
          () -> DifferenceReport.text(difference),
          () -> DifferenceReport.json(difference),
          () -> DifferenceReport.markdown(difference));
      return (exitCode && !difference.isEmpty() ? ExitCode.DIFFERENT : ExitCode.DONE).code();
    }
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.report.InventoryReport;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what is in an image. */
@Command(
    name = "inventory",
    description =
        "List the packages of an image and the files of its runtime. Of an image in a registry"
            + " nothing is read but the SBOM that is attached to it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class InventoryCommand implements Callable<Integer> {
  /** How it is written. */
  enum Format {
    TABLE,
    JSON,
    CYCLONEDX;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "IMAGE", description = NamedImages.FORM)
  private String image = "";

  @Option(
      names = "--format",
      paramLabel = "table|json|cyclonedx",
      defaultValue = "table",
      description = "For people, for programs, or the SBOM as it is (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  @Mixin private NamedImages.Arguments arguments = new NamedImages.Arguments();

  private final Toolkit toolkit;

  InventoryCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = arguments.console(toolkit);
    try (NamedImages images = new NamedImages(toolkit, arguments, console)) {
      byte[] sbom = images.sbom(image);
      console.clear();
      if (format == Format.CYCLONEDX) {
        toolkit.surroundings().out().writeBytes(sbom);
        toolkit.surroundings().out().flush();
        return ExitCode.DONE.code();
      }
      Inventory inventory = read(sbom);
      toolkit
          .surroundings()
          .out()
          .print(
              format == Format.JSON
                  ? InventoryReport.json(inventory)
                  : InventoryReport.table(inventory));
      return ExitCode.DONE.code();
    }
  }

  private Inventory read(byte[] sbom) {
    try {
      return toolkit.sboms().read(sbom);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          RegistryException.Kind.WRONG_CONTENT,
          "Tried to read what is attached to " + image + ", but it is " + e.getMessage());
    }
  }
}

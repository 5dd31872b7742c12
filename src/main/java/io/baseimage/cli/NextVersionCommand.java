package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the version that comes next. */
@Command(
    name = "next-version",
    description =
        "Print the version that the next publication of a variant gets, if nobody else is first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class NextVersionCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Option(
      names = {"-v", "--variant"},
      required = true,
      paramLabel = "VARIANT",
      description = "Variant, as the tags have it.")
  private String variant = "";

  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  NextVersionCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    ImageReference repository = RegistryArguments.repository(name);
    Console console = toolkit.console(consoleArguments);
    toolkit
        .surroundings()
        .out()
        .println(
            tagArguments
                .rule(variant)
                .next(
                    registryArguments
                        .registries(toolkit.surroundings(), repository, console)
                        .open(repository)
                        .tags(),
                    toolkit.surroundings().clock()));
    return ExitCode.DONE.code();
  }
}

package io.baseimage.cli;

import io.baseimage.variant.Variant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the variants. */
@Command(
    name = "variants",
    description = "List the variants, one a line.",
    mixinStandardHelpOptions = true)
final class VariantsCommand implements Callable<Integer> {
  private final Toolkit toolkit;

  VariantsCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    for (String name : toolkit.catalog().names()) {
      Variant variant = toolkit.variant(name);
      toolkit.surroundings().out().printf("%-24s %s%n", name, variant.description());
    }
    return ExitCode.DONE.code();
  }
}

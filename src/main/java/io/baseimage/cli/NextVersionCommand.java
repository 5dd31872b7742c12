package io.baseimage.cli;

import io.baseimage.cli.RepositoryArguments.OfVariant;
import io.baseimage.pipeline.Naming;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the version that comes next. */
@Command(
    name = "next-version",
    description =
        "Print the version that the next publication of a variant gets, if nobody else is first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class NextVersionCommand implements Callable<Integer> {
  @Mixin private OfVariant versions = new OfVariant();
  @Mixin private RepositoryArguments repository = new RepositoryArguments();

  private final Toolkit toolkit;

  NextVersionCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = repository.console(toolkit);
    Naming naming = versions.naming(toolkit, console);
    Surroundings surroundings = toolkit.surroundings();
    List<String> tags = repository.open(toolkit, console, naming::repository).tags();
    console.clear();
    if (naming.rule().newest(tags).isEmpty()) {
      versions.requireKnown(toolkit);
    }
    surroundings.out().println(naming.rule().next(tags, surroundings.clock()));
    return ExitCode.DONE.code();
  }
}

package io.baseimage.cli;

import io.baseimage.cli.RepositoryArguments.OfVariant;
import io.baseimage.publish.Rollback;
import io.baseimage.version.ImageVersion;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves aliases back. */
@Command(
    name = "rollback",
    description =
        "Move a variant's aliases back to an earlier version. Newer ones are withdrawn: they stay,"
            + " but no alias names them again.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RollbackCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "Version to go back to (default: the one before the aliases').")
  private @Nullable String to;

  @Mixin private OfVariant versions = new OfVariant();
  @Mixin private RepositoryArguments repository = new RepositoryArguments();

  private final Toolkit toolkit;

  RollbackCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    List<String> aliases = versions.tags().aliases(versions.variant());
    if (aliases.isEmpty()) {
      throw new UsageException("--no-alias leaves nothing to move back");
    }
    Optional<ImageVersion> version = Optional.ofNullable(to).map(RollbackCommand::version);
    Surroundings surroundings = toolkit.surroundings();
    Console console = repository.console(toolkit);
    Rollback.Outcome outcome =
        new Rollback(
                repository.open(toolkit, console),
                surroundings.workspace(),
                surroundings.clock(),
                console)
            .to(versions.tags().rule(versions.variant()), version, aliases);
    console.clear();
    PrintStream out = surroundings.out();
    outcome.withdrawn().forEach(withdrawn -> out.println("withdrawn  " + withdrawn));
    outcome.aliases().forEach(alias -> out.println(alias + " is " + outcome.to()));
    return ExitCode.DONE.code();
  }

  private static ImageVersion version(String text) {
    try {
      return ImageVersion.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to: " + e.getMessage());
    }
  }
}

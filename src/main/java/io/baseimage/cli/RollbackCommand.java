package io.baseimage.cli;

import io.baseimage.image.ImageReference;
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
import picocli.CommandLine.Parameters;

/** Moves aliases back. */
@Command(
    name = "rollback",
    description =
        "Move a variant's aliases back to an earlier version. Newer ones are withdrawn: they stay,"
            + " but no alias names them again.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RollbackCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Option(
      names = {"-v", "--variant"},
      required = true,
      paramLabel = "VARIANT",
      description = "Variant, as the tags have it.")
  private String variant = "";

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "Version to go back to (default: the one before the aliases').")
  private @Nullable String to;

  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  RollbackCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    ImageReference repository = RegistryArguments.repository(name);
    List<String> aliases = tagArguments.aliases(variant);
    if (aliases.isEmpty()) {
      throw new UsageException("--no-alias leaves nothing to move back");
    }
    Optional<ImageVersion> version = Optional.ofNullable(to).map(RollbackCommand::version);
    Surroundings surroundings = toolkit.surroundings();
    Console console = toolkit.console(consoleArguments);
    Rollback.Outcome outcome =
        new Rollback(
                registryArguments.registries(surroundings, repository, console).open(repository),
                surroundings.workspace(),
                surroundings.clock(),
                console)
            .to(tagArguments.rule(variant), version, aliases);
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

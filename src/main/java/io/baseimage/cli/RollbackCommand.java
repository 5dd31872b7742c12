package io.baseimage.cli;

import io.baseimage.cli.RepositoryArguments.OfVariant;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registry;
import io.baseimage.publish.Rollback;
import io.baseimage.publish.RollbackPlan;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.io.PrintStream;
import java.util.ArrayList;
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
    description = {
      "Move a variant's aliases back to an earlier version. Newer ones are withdrawn: they stay,"
          + " but no alias names them again.",
      "Moved is every tag that names a withdrawn version and is no version itself, be it named here"
          + " or not. The first --alias (default: the variant's own) says which version is current;"
          + " --no-alias is refused, as aliases would stay on what is withdrawn."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RollbackCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description =
          "Version to go back to (default: the one before the aliases'; where an earlier rollback has"
              + " left aliases behind, the one that it went back to).")
  private @Nullable String to;

  @Option(
      names = "--dry-run",
      description = "Print what would be withdrawn and moved, and change nothing anywhere.")
  private boolean dryRun;

  @Mixin private OfVariant versions = new OfVariant();
  @Mixin private RepositoryArguments repository = new RepositoryArguments();

  private final Toolkit toolkit;

  RollbackCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Optional<ImageVersion> version = Optional.ofNullable(to).map(RollbackCommand::version);
    Surroundings surroundings = toolkit.surroundings();
    Console console = repository.console(toolkit);
    Naming naming = versions.naming(toolkit, console);
    if (naming.aliases().isEmpty()) {
      throw new UsageException(
          "there is nothing to move back: "
              + naming.rule().variant()
              + " has no alias, or --no-alias leaves it none; name one by --alias that says which"
              + " version is current");
    }
    Registry registry = repository.open(toolkit, console, naming::repository);
    Rollback rollback =
        new Rollback(registry, surroundings.workspace(), surroundings.clock(), console);
    PrintStream out = surroundings.out();
    if (dryRun) {
      RollbackPlan plan = rollback.plan(naming.rule(), version, naming.aliases());
      console.clear();
      words(plan, naming.rule(), registry.repository()).forEach(out::println);
      return ExitCode.DONE.code();
    }
    Rollback.Outcome outcome = rollback.to(naming.rule(), version, naming.aliases());
    console.clear();
    outcome.withdrawn().forEach(withdrawn -> out.println("withdrawn  " + withdrawn));
    outcome.aliases().forEach(alias -> out.println(alias + " is " + outcome.to()));
    return ExitCode.DONE.code();
  }

  private static List<String> words(RollbackPlan plan, TagRule rule, ImageReference repository) {
    List<String> lines = new ArrayList<>();
    plan.withdrawn()
        .forEach(version -> lines.add("withdraw " + repository.withTag(rule.tag(version))));
    for (RollbackPlan.Move move : plan.moves()) {
      lines.add("  then move " + move.alias() + " from " + move.from() + " to " + plan.to());
    }
    return lines.isEmpty()
        ? List.of("nothing to do: no version and no alias is past " + plan.to())
        : lines;
  }

  private static ImageVersion version(String text) {
    try {
      return ImageVersion.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to: " + e.getMessage());
    }
  }
}

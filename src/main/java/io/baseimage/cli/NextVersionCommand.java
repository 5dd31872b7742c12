package io.baseimage.cli;

import io.baseimage.cli.RepositoryArguments.OfVariant;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registry;
import io.baseimage.publish.GivenVersions;
import io.baseimage.publish.RepositoryTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    Registry registry = repository.open(toolkit, console, naming::repository);
    List<String> tags = new ArrayList<>(registry.tags());
    if (naming.rule().newest(tags).isEmpty()) {
      versions.requireKnown(toolkit);
    }
    RepositoryTags there = new RepositoryTags(registry, surroundings.workspace().cache());
    Set<String> given = new TreeSet<>(there.named(naming.rule(), naming.aliases(), tags));
    given.removeAll(tags);
    given.forEach(tag -> console.info(tag + " is left out: an alias names it still"));
    for (String tag : there.pending()) {
      if (naming.rule().versionOf(tag).isPresent()) {
        console.info(tag + " is left out: somebody may be setting it still");
      }
      given.add(tag);
    }
    if (!naming.aliases().isEmpty()) {
      GivenVersions.requireNewest(registry, naming.rule(), tags, given, surroundings.clock());
    }
    tags.addAll(given);
    console.clear();
    surroundings.out().println(naming.rule().next(tags, surroundings.clock()));
    return ExitCode.DONE.code();
  }
}

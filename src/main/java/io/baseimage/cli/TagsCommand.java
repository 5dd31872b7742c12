package io.baseimage.cli;

import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.publish.RepositoryTags;
import io.baseimage.publish.TaggedVersion;
import io.baseimage.report.VersionList;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what is published. */
@Command(
    name = "tags",
    description = "List the versions in a repository, and the aliases that follow them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TagsCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print an array for programs.")
  private boolean json;

  @Mixin private RepositoryArguments repository = new RepositoryArguments();

  private final Toolkit toolkit;

  TagsCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = repository.console(toolkit);
    Registry registry = repository.open(toolkit, console);
    List<TaggedVersion> versions =
        new RepositoryTags(registry, toolkit.surroundings().workspace().cache()).versions();
    console.clear();
    if (versions.isEmpty()) {
      throw new RegistryException(
          RegistryException.Kind.NOT_FOUND,
          "Tried to list the versions in "
              + registry.repository()
              + ", but there is no such repository, or no version in it.");
    }
    PrintStream out = toolkit.surroundings().out();
    if (json) {
      out.println(VersionList.json(versions));
    } else {
      out.print(VersionList.table(versions));
    }
    return ExitCode.DONE.code();
  }
}

package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.publish.RepositoryTags;
import io.baseimage.publish.TaggedVersion;
import io.baseimage.report.VersionList;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what is published. */
@Command(
    name = "tags",
    description = "List the versions in a repository, and the aliases that follow them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TagsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Option(names = "--json", description = "Print an array for programs.")
  private boolean json;

  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  TagsCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    ImageReference repository = RegistryArguments.repository(name);
    Console console = toolkit.console(consoleArguments);
    List<TaggedVersion> versions =
        new RepositoryTags(
                registryArguments
                    .registries(toolkit.surroundings(), repository, console)
                    .open(repository),
                toolkit.surroundings().workspace().cache())
            .versions();
    console.clear();
    PrintStream out = toolkit.surroundings().out();
    if (json) {
      out.println(VersionList.json(versions));
    } else {
      out.print(VersionList.table(versions));
    }
    return ExitCode.DONE.code();
  }
}

package io.baseimage.cli;

import io.baseimage.cli.RepositoryArguments.OfVariant;
import io.baseimage.inventory.Differences;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.PackageChange;
import io.baseimage.publish.History;
import io.baseimage.report.Changelog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the history of a variant. */
@Command(
    name = "changelog",
    description =
        "Write the history of a variant from its published versions, the newest first: date,"
            + " reasons and what has changed of its packages.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ChangelogCommand implements Callable<Integer> {
  @Mixin private TextFormat format = new TextFormat();
  @Mixin private OfVariant versions = new OfVariant();
  @Mixin private RepositoryArguments repository = new RepositoryArguments();

  private final Toolkit toolkit;

  ChangelogCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = repository.console(toolkit);
    Naming naming = versions.naming(toolkit, console);
    List<Changelog.Entry> entries =
        entries(
            new History(
                    repository.open(toolkit, console, naming::repository),
                    toolkit.surroundings().workspace().cache(),
                    toolkit.sboms(),
                    Toolkit.ownPlatform())
                .of(naming.rule()));
    console.clear();
    format.print(
        toolkit.surroundings().out(),
        () -> Changelog.text(entries),
        () -> Changelog.json(entries),
        () -> Changelog.markdown(naming.rule().variant(), entries));
    return ExitCode.DONE.code();
  }

  /** Each with what has changed since the last one before it that users have not lost again. */
  private static List<Changelog.Entry> entries(List<History.Entry> oldestFirst) {
    List<Changelog.Entry> entries = new ArrayList<>();
    Optional<History.Entry> standing = Optional.empty();
    for (History.Entry entry : oldestFirst) {
      Optional<History.Entry> before = standing;
      entries.add(
          new Changelog.Entry(
              entry.version(),
              before.map(each -> each.version().version()),
              before
                  .flatMap(History.Entry::inventory)
                  .flatMap(old -> entry.inventory().map(now -> changes(old, now)))));
      if (!entry.version().withdrawn()) {
        standing = Optional.of(entry);
      }
    }
    return entries;
  }

  private static List<PackageChange> changes(Inventory before, Inventory after) {
    return Differences.packages(before, after);
  }
}

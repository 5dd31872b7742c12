package io.baseimage.cli;

import io.baseimage.cli.VariantArguments.ChangeArguments;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.publish.ExchangedRuntimes;
import io.baseimage.publish.Publication;
import io.baseimage.rebuild.FreshnessCheck.Subject;
import io.baseimage.rebuild.Rebase;
import io.baseimage.rebuild.Rebase.Outcome;
import io.baseimage.rebuild.RuntimeRebase;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import io.baseimage.report.RebaseReport;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exchanges the runtime of published images where they are. */
@Command(
    name = "rebase",
    description =
        "Give published images the runtime of this checkout on the packages that they have, under"
            + " the next version: only their last layer is read and written. Refused where more"
            + " than the runtime has changed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RebaseCommand implements Callable<Integer> {
  private static final int AT_A_TIME = 8;

  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Option(
      names = {"-v", "--variant"},
      paramLabel = "VARIANT",
      description =
          "Variant to work on: a name (see 'baseimage-build list'), a pattern such as 'ubuntu-*', or"
              + " a YAML file of your own. May be given several times.")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--all", description = "Every variant of which something is published.")
  private boolean all;

  @Option(
      names = "--dry-run",
      description = "Tell what would be published, and change nothing anywhere.")
  private boolean dryRun;

  @Option(names = "--no-test", description = "Do not run the contract suite on the new images.")
  private boolean noTest;

  @Mixin private ChangeArguments changeArguments = new ChangeArguments();
  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private TextFormat format = new TextFormat();

  @Mixin
  private BuildArguments.TimeoutArgument timeoutArgument = new BuildArguments.TimeoutArgument();

  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  RebaseCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    if (all == !wanted.isEmpty()) {
      throw new UsageException("name what to rebase: --variant VARIANT, or --all");
    }
    timeoutArgument.scale();
    Console console = toolkit.console(consoleArguments);
    Surroundings surroundings = toolkit.surroundings();
    ImageReference repository = RegistryArguments.repository(name);
    try (ProgramsAtHand programs =
        new ProgramsAtHand(toolkit, changeArguments.overrides().mirror(), console)) {
      Registries registries = registryArguments.registries(surroundings, repository, console);
      RuntimeRebase rebase =
          new RuntimeRebase(
              registries, toolkit.sboms(), surroundings.workspace(), toolkit.recipe(), programs);
      List<Prepared> prepared = prepare(rebase, registries);
      List<Prepared> possible =
          prepared.stream().filter(each -> each.rebase().outcome() == Outcome.POSSIBLE).toList();
      RebasePublishing publishing =
          new RebasePublishing(
              toolkit,
              repository,
              new Publication(
                  rebase.made(),
                  toolkit.sboms(),
                  registries,
                  surroundings.workspace(),
                  surroundings.clock(),
                  console),
              console);
      Map<Prepared, Rebase> done = new LinkedHashMap<>();
      prepared.forEach(each -> done.put(each, each.rebase()));
      ExitCode status = ExitCode.DONE;
      if (dryRun) {
        publishing.plan(possible).forEach(console::info);
      } else if (!possible.isEmpty()) {
        status = publish(possible, rebase.made(), publishing, registries, programs, console, done);
      }
      console.clear();
      List<Rebase> rebases = List.copyOf(done.values());
      print(rebases);
      return (status == ExitCode.DONE ? status(rebases) : status).code();
    } finally {
      console.clear();
    }
  }

  private List<Prepared> prepare(RuntimeRebase rebase, Registries registries) {
    Overrides overrides = changeArguments.overrides();
    ImageReference repository = RegistryArguments.repository(name);
    List<Subject> subjects = new ArrayList<>();
    for (Variant variant :
        VariantArguments.variants(
            toolkit, overrides, wanted.isEmpty() ? Optional.empty() : Optional.of(wanted))) {
      var naming = tagArguments.inRegistry(variant);
      subjects.add(new Subject(variant, naming, naming.repository(repository)));
    }
    Releases.requireApart(List.of(repository), subjects.stream().map(Subject::naming).toList());
    Map<ImageReference, List<String>> tags = new LinkedHashMap<>();
    subjects.forEach(
        each ->
            tags.computeIfAbsent(
                each.repository(),
                where -> tags(registries.open(where), where.equals(repository))));
    List<Prepared> prepared =
        AtOnce.each(
                subjects,
                AT_A_TIME,
                "reading what is published",
                each -> rebase.prepare(each, Objects.requireNonNull(tags.get(each.repository()))))
            .stream()
            .filter(
                each ->
                    !all
                        || each.rebase().before().isPresent()
                        || each.rebase().outcome() == Outcome.FAILED)
            .toList();
    if (prepared.isEmpty()) {
      throw new RegistryException(
          RegistryException.Kind.NOT_FOUND,
          "Tried to look at what is published in "
              + repository
              + ", but there is nothing of any variant. Check the name, or name a variant's file by"
              + " --variant.");
    }
    return prepared;
  }

  /** Beside the repository that was named there may be none for a family. */
  private static List<String> tags(Registry registry, boolean isNamed) {
    try {
      return registry.tags();
    } catch (RegistryException e) {
      if (isNamed || !e.isForbidden()) {
        throw e;
      }
      return List.of();
    }
  }

  private ExitCode publish(
      List<Prepared> possible,
      ExchangedRuntimes made,
      RebasePublishing publishing,
      Registries registries,
      ProgramsAtHand programs,
      Console console,
      Map<Prepared, Rebase> done) {
    publishing.checkWriteAccess(possible);
    Optional<Engine> running = noTest ? Optional.empty() : programs.engine();
    if (running.isPresent()) {
      running.get().logIn(registries);
      Map<Prepared, Rebase> failed =
          publishing.failed(possible, made, timeoutArgument.scale(), running.get());
      if (!failed.isEmpty()) {
        done.putAll(failed);
        return ExitCode.CHECKS;
      }
    } else {
      console.warn(
          (noTest ? "--no-test: " : "no engine is running: ")
              + "the contract suite was skipped, nothing is known of these images");
    }
    done.putAll(publishing.publish(possible, running.isPresent()));
    return ExitCode.DONE;
  }

  private void print(List<Rebase> rebases) {
    toolkit
        .surroundings()
        .out()
        .print(
            switch (format.get()) {
              case TEXT -> RebaseReport.text(rebases);
              case JSON -> RebaseReport.json(rebases);
              case MARKDOWN -> RebaseReport.markdown(rebases);
            });
  }

  private static ExitCode status(List<Rebase> rebases) {
    return rebases.stream()
            .anyMatch(each -> each.outcome() == Outcome.FAILED || each.outcome() == Outcome.REFUSED)
        ? ExitCode.PARTIAL
        : ExitCode.DONE;
  }
}

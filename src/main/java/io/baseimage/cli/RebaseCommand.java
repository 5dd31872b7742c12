package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.ChecksInTurn;
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

  @Mixin private PublishedVariants variants = new PublishedVariants();

  @Option(
      names = "--dry-run",
      description = "Tell what would be published, and change nothing anywhere.")
  private boolean dryRun;

  @Option(names = "--no-test", description = "Do not run the contract suite on the new images.")
  private boolean noTest;

  @Mixin private TextFormat format = new TextFormat();

  @Mixin
  private BuildArguments.TimeoutArgument timeoutArgument = new BuildArguments.TimeoutArgument();

  private final Toolkit toolkit;

  RebaseCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    variants.requireSaid("rebase");
    timeoutArgument.scale();
    Console console = variants.console(toolkit);
    Surroundings surroundings = toolkit.surroundings();
    ImageReference repository = variants.repository();
    try (ProgramsAtHand programs = new ProgramsAtHand(toolkit, console)) {
      Registries registries = variants.registries(toolkit, console);
      RuntimeRebase rebase =
          new RuntimeRebase(
              registries, toolkit.sboms(), surroundings.workspace(), toolkit.recipe(), programs);
      RebaseProgress progress = new RebaseProgress(prepare(rebase, registries));
      RebasePublishing publishing =
          new RebasePublishing(
              repository,
              new Publication(
                  rebase.made(),
                  toolkit.sboms(),
                  registries,
                  surroundings.workspace(),
                  surroundings.clock(),
                  console),
              progress);
      ExitCode status = ExitCode.DONE;
      try {
        if (dryRun) {
          publishing.plan().forEach(console::info);
        } else if (!progress.possible().isEmpty()) {
          status = publish(progress, publishing, rebase.made(), registries, programs, console);
        }
      } catch (RuntimeException e) {
        if (!dryRun) {
          progress.stopped();
        }
        throw e;
      } finally {
        console.clear();
        print(progress.rebases());
      }
      return (status == ExitCode.DONE ? status(progress.rebases()) : status).code();
    } finally {
      console.clear();
    }
  }

  private List<Prepared> prepare(RuntimeRebase rebase, Registries registries) {
    ImageReference repository = variants.repository();
    List<Subject> subjects = new ArrayList<>();
    for (Variant variant : variants.variants(toolkit)) {
      var naming = variants.inRegistry(variant);
      subjects.add(
          new Subject(
              variant,
              naming,
              naming.repository(repository),
              labels -> variants.asBuilt(toolkit, variant, labels)));
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
                    !variants.all
                        || each.rebase().before().isPresent()
                        || each.rebase().outcome() == Outcome.FAILED)
            .toList();
    if (prepared.isEmpty()) {
      throw variants.nothingPublished();
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
      RebaseProgress progress,
      RebasePublishing publishing,
      ExchangedRuntimes made,
      Registries registries,
      ProgramsAtHand programs,
      Console console) {
    publishing.checkWriteAccess();
    Optional<Engine> running = noTest ? Optional.empty() : programs.engine();
    if (running.isPresent()) {
      running.get().logIn(registries);
      if (!prove(progress, made, running.get(), console)) {
        return ExitCode.CHECKS;
      }
    } else {
      console.warn(
          (noTest ? "--no-test: " : "no engine is running: ")
              + "the contract suite was skipped, nothing is known of these images");
    }
    publishing.publish(running.isPresent());
    return ExitCode.DONE;
  }

  private boolean prove(
      RebaseProgress progress, ExchangedRuntimes made, Engine engine, Console console) {
    int atATime = engine.capacity().processors();
    RebaseProof proof =
        new RebaseProof(
            engine,
            new ChecksInTurn(toolkit.checker(engine.info()), atATime),
            made,
            toolkit.surroundings().workspace(),
            timeoutArgument.scale(),
            console);
    return RebasePublishing.prove(progress, proof::require, atATime);
  }

  private void print(List<Rebase> rebases) {
    format.print(
        toolkit.surroundings().out(),
        () -> RebaseReport.text(rebases),
        () -> RebaseReport.json(rebases),
        () -> RebaseReport.markdown(rebases));
  }

  private static ExitCode status(List<Rebase> rebases) {
    return rebases.stream()
            .anyMatch(each -> each.outcome() == Outcome.FAILED || each.outcome() == Outcome.REFUSED)
        ? ExitCode.PARTIAL
        : ExitCode.DONE;
  }
}

package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.BaseArguments;
import io.baseimage.cli.BuildArguments.TimeoutArgument;
import io.baseimage.cli.Freshnesses.Standing;
import io.baseimage.cli.VariantArguments.JobsArgument;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.rebuild.Built;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebuild;
import io.baseimage.rebuild.Rebuild.Outcome;
import io.baseimage.report.RebuildReport;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds what is published anew, and publishes it if something of its content is another. */
@Command(
    name = "rebuild",
    description =
        "Build published variants anew, prove them, and drop what has the content of what is"
            + " published already; the rest becomes the next version, with the reasons.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RebuildCommand implements Callable<Integer> {
  @Mixin private Freshnesses freshnesses = new Freshnesses();

  @Option(
      names = "--if-needed",
      description =
          "Build only what 'check' calls stale. What is unknown is not built, and makes the status"
              + " 6.")
  private boolean ifNeeded;

  @Option(
      names = "--push",
      description = "Publish what was built; without it, it stays on the engine under NAME.")
  private boolean push;

  @Option(names = "--no-test", description = "Do not run the contract suite on what is built.")
  private boolean noTest;

  @Mixin private JobsArgument jobs = new JobsArgument();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Folder with a folder for each variant, for metadata.json and the checks' reports"
              + " (default: build).")
  private @Nullable Path output;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description =
          "Append a page in Markdown with the reasons and all differences, for example"
              + " \"$GITHUB_STEP_SUMMARY\".")
  private @Nullable Path summary;

  @Mixin private TextFormat format = new TextFormat();
  @Mixin private BaseArguments baseArguments = new BaseArguments();
  @Mixin private TimeoutArgument timeoutArgument = new TimeoutArgument();

  private final Toolkit toolkit;

  RebuildCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    freshnesses.requireSaid("rebuild");
    Optional<Integer> atATime = jobs.get();
    baseArguments.policy(freshnesses.overrides());
    timeoutArgument.scale();
    summarize("");
    Console console = freshnesses.console(toolkit);
    try (Freshnesses.LazyEngine engine =
        new Freshnesses.LazyEngine(toolkit, freshnesses.registries(toolkit, console), console)) {
      List<Standing> all = freshnesses.look(toolkit, engine, console);
      Map<Variant, Rebuild> done = new ConcurrentHashMap<>();
      all.stream()
          .filter(each -> !isBuilt(each))
          .forEach(each -> done.put(each.asked(), notBuilt(each.freshness())));
      try {
        build(all.stream().filter(this::isBuilt).toList(), done, engine, atATime, console);
      } finally {
        console.clear();
        boolean begun =
            all.stream().anyMatch(each -> isBuilt(each) && done.containsKey(each.asked()));
        if (begun || done.size() == all.size() || Thread.currentThread().isInterrupted()) {
          print(
              all.stream().map(each -> done.getOrDefault(each.asked(), notReached(each))).toList());
        }
      }
      return status(done.values()).code();
    } finally {
      console.clear();
    }
  }

  private boolean isBuilt(Standing each) {
    return !ifNeeded || each.freshness().verdict() == Verdict.STALE;
  }

  private static Rebuild notBuilt(Freshness freshness) {
    return new Rebuild(
        freshness,
        freshness.verdict() == Verdict.UNKNOWN ? Outcome.UNKNOWN : Outcome.NOT_NEEDED,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private Rebuild notReached(Standing each) {
    return new Rebuild(
        each.freshness(),
        Outcome.NOT_REACHED,
        reasons(each),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Builds the chosen ones. Each is published or dropped as soon as it is built: a run that ends in
   * the middle has done what it has done.
   *
   * @param done told what has become of each
   */
  private void build(
      List<Standing> chosen,
      Map<Variant, Rebuild> done,
      Freshnesses.LazyEngine lazy,
      Optional<Integer> atATime,
      Console console) {
    if (chosen.isEmpty()) {
      return;
    }
    ImageReference name = freshnesses.repository();
    Releases.requireApart(List.of(name), chosen.stream().map(Standing::naming).toList());
    Engine engine = lazy.get();
    Rebuilding rebuilding =
        new Rebuilding(
            toolkit,
            freshnesses,
            engine,
            baseArguments.policy(freshnesses.overrides()),
            push,
            console);
    rebuilding.checkWriteAccess(chosen);
    Map<Variant, Standing> standings = new LinkedHashMap<>();
    Map<Variant, BuildOptions> options = new LinkedHashMap<>();
    for (Standing each : chosen) {
      standings.put(each.asked(), each);
      options.put(each.asked(), options(each, name));
    }
    Function<Variant, Path> folder =
        variant ->
            BuildArguments.below(Optional.ofNullable(output), toolkit.surroundings(), variant);
    VariantBuilds builds = new VariantBuilds(toolkit, freshnesses.overrides());
    options.values().forEach(each -> builds.begin(each, folder));
    Map<ImageReference, String> names = Built.names(engine, aliases(chosen, name));
    List<SeveralBuilds.Result> results =
        builds.several(
            engine,
            options,
            atATime,
            true,
            folder,
            console,
            (variant, outcomes) -> {
              Standing standing = Objects.requireNonNull(standings.get(variant));
              Rebuild rebuild = rebuilding.conclude(standing, reasons(standing), outcomes, names);
              done.put(variant, rebuild);
              console.info(standing.freshness().variant() + ": " + RebuildReport.words(rebuild));
            });
    for (SeveralBuilds.Result result : results) {
      Standing standing = Objects.requireNonNull(standings.get(result.variant()));
      result
          .failure()
          // One that was stopped in the middle of publishing says which tags it has set.
          .filter(failure -> !(failure instanceof InterruptedRunException))
          .ifPresent(
              failure ->
                  done.put(
                      result.variant(), Rebuilding.failed(standing, reasons(standing), failure)));
    }
    VariantBuilds.requireNotInterrupted(results.size());
    results.stream()
        .flatMap(result -> result.failure().stream())
        .filter(failure -> ExitCode.of(failure) == ExitCode.INTERNAL)
        .findFirst()
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** Nothing of an earlier run's: an upgrade is not taken from the engine's cache. */
  private BuildOptions options(Standing each, ImageReference name) {
    return new BuildOptions(
        each.asked(),
        name,
        freshnesses::onEngine,
        platforms(each.freshness()),
        baseArguments.policy(freshnesses.overrides()),
        baseArguments.pull() || isBaseOfRegistry(each.freshness()),
        Optional.of(Set.of()),
        !noTest,
        BuildArguments.epoch(toolkit.surroundings()),
        timeoutArgument.scale());
  }

  /** What the engine has of it may be older than what is published was built on. */
  private static boolean isBaseOfRegistry(Freshness freshness) {
    return freshness.reasons().stream().anyMatch(Reason.OtherBase.class::isInstance)
        || freshness.published().stream()
            .flatMap(published -> published.images().stream())
            .anyMatch(Rebuilding::isOnBaseOfRegistry);
  }

  /** Those that are published, if no others are asked for. */
  private List<Platform> platforms(Freshness freshness) {
    return baseArguments.platforms().isEmpty()
        ? freshness.published().stream()
            .flatMap(published -> published.images().stream())
            .map(CurrentVersion.Image::platform)
            .distinct()
            .toList()
        : baseArguments.platforms();
  }

  private List<Reason> reasons(Standing each) {
    return Stream.concat(
            ifNeeded ? Stream.of() : Stream.of(new Reason.AskedFor()),
            each.freshness().reasons().stream())
        .toList();
  }

  /** What a build may move on the engine. */
  private List<ImageReference> aliases(List<Standing> chosen, ImageReference name) {
    List<ImageReference> aliases = new ArrayList<>();
    List<String> ends =
        Stream.concat(Stream.of(""), Platform.ARCHITECTURES.stream().map(each -> "-" + each))
            .toList();
    for (Standing each : chosen) {
      Naming naming = each.naming();
      ImageReference repository = naming.repository(name);
      for (String end : ends) {
        naming.aliases().forEach(alias -> aliases.add(repository.withTag(alias + end)));
        aliases.add(name.withTag(naming.rule().variant() + end));
      }
    }
    return aliases.stream().distinct().toList();
  }

  private void print(List<Rebuild> rebuilds) {
    format.print(
        toolkit.surroundings().out(),
        () -> RebuildReport.text(rebuilds),
        () -> RebuildReport.json(rebuilds),
        () -> RebuildReport.markdown(rebuilds));
    summarize(RebuildReport.markdown(rebuilds));
  }

  /** Also before anything is done: hours of building are not to end in a file that is none. */
  private void summarize(String text) {
    if (summary == null) {
      return;
    }
    Path file = toolkit.surroundings().resolve(summary);
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new OutputException("write the summary", file, e);
    }
  }

  private static ExitCode status(Collection<Rebuild> rebuilds) {
    long failed = rebuilds.stream().filter(each -> each.outcome() == Outcome.FAILED).count();
    if (failed > 0) {
      return ExitCode.PARTIAL;
    }
    return rebuilds.stream().anyMatch(each -> each.outcome() == Outcome.UNKNOWN)
        ? ExitCode.UNKNOWN
        : ExitCode.DONE;
  }
}

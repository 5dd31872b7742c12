package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.variant.Variant;
import io.baseimage.version.VersionRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Builds one variant: base, runtime, image, checks, name. An image that fails a check, and a run
 * that is interrupted, leave no name behind.
 */
public final class BuildPipeline {
  private static final String UNNAMED = "localhost/baseimage-build/unnamed";

  private final Engine engine;
  private final BaseResolver bases;
  private final RuntimePrograms programs;
  private final ImageRecipe recipe;
  private final PackageInventory inventory;
  private final ContractChecker checker;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;
  private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);

  /** Is told how far a build is. */
  public interface Milestones {
    /** The engine has every step of the build in its cache. */
    void stepsCached();

    /** The suite has reported, be it well or not. */
    void checked(CheckReport report);
  }

  /** A pipeline of these parts, for one build. */
  public BuildPipeline(
      Engine engine,
      BaseResolver bases,
      RuntimePrograms programs,
      ImageRecipe recipe,
      PackageInventory inventory,
      ContractChecker checker,
      Workspace workspace,
      Clock clock,
      RunLog log) {
    this.engine = engine;
    this.bases = bases;
    this.programs = programs;
    this.recipe = recipe;
    this.inventory = inventory;
    this.checker = checker;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Runs the build.
   *
   * @param toolchain the variant whose base the runtime's compiler is installed on
   * @param milestones told as each is reached
   * @throws ChecksFailedException when a contract line is broken
   */
  public BuildOutcome run(
      BuildOptions options, Supplier<Variant> toolchain, Milestones milestones) {
    Instant started = clock.instant();
    Variant variant = options.variant();
    Platform platform = options.platform().orElse(engine.info().platform());
    ResolvedBase base =
        phase(
            Phase.BASE,
            variant.base().image().toString(),
            () -> bases.resolve(variant, platform, options.base(), options.pull()),
            BuildPipeline::describe);
    SortedMap<String, byte[]> runtime =
        phase(
            Phase.RUNTIME,
            platform.toString(),
            () ->
                programs.get(
                    engine,
                    platform,
                    wanted -> bases.resolve(toolchain.get(), wanted, options.base(), false)),
            compiled -> String.join(", ", compiled.keySet()));
    ImageRecipe.Rendered rendered = recipe.render(variant, base, runtime);
    ImageReference unnamed = new ImageReference(UNNAMED, UUID.randomUUID().toString(), null);
    // Read while the build goes on, which leaves this side nothing to do.
    CompletableFuture<List<InstalledPackage>> before =
        CompletableFuture.supplyAsync(() -> inventory.packages(engine, base.image().orElseThrow()));
    try {
      EngineImage image =
          phase(
              Phase.BUILD,
              variant.name(),
              () -> build(options, platform, base, rendered, unnamed),
              built -> built.id().abbreviated());
      milestones.stepsCached();
      List<InstalledPackage> packages = inventory.packages(engine, image);
      int addedPackages = added(packages, result(before));
      Optional<CheckReport> report = check(options, image, milestones);
      Named named =
          phase(Phase.NAME, options.name().toString(), () -> name(options, image), Named::text);
      return new BuildOutcome(
          variant,
          base,
          engine.find(image.id().toString()).orElse(image),
          named.version(),
          named.names(),
          image.sizeBytes() - base.image().orElseThrow().sizeBytes(),
          packages,
          addedPackages,
          report,
          engine.info(),
          phases,
          rendered.inputs(),
          started);
    } finally {
      // Whatever came of it: it has a container, which is to be gone before the run is.
      before.handle((packages, failure) -> packages).join();
      untag(unnamed);
    }
  }

  /**
   * Builds. An image says when it was made, but a build that the cache answers whole makes nothing:
   * it is tried with the time of the image that came of the same inputs, so that two builds of one
   * input are one image, and is given its own time only if something was made anew after all.
   */
  private EngineImage build(
      BuildOptions options,
      Platform platform,
      ResolvedBase base,
      ImageRecipe.Rendered rendered,
      ImageReference unnamed) {
    String now = Instant.ofEpochSecond(clock.instant().getEpochSecond()).toString();
    Map<String, String> arguments = new HashMap<>();
    // The id and not the name: the name may have moved since it was looked at.
    arguments.put(ImageRecipe.BASE_ARGUMENT, base.image().orElseThrow().id().toString());
    Optional<EngineImage> earlier =
        options.noCache() ? Optional.empty() : earlierImage(rendered.inputs());
    try (var directory = workspace.temporaryDirectory("context")) {
      Path tar = RuntimePrograms.writeTar(rendered.context(), directory.path());
      boolean noCache = options.noCache();
      if (earlier.isPresent()) {
        EngineImage same = earlier.get();
        String created = same.labels().getOrDefault(ImageRecipe.CREATED_LABEL, now);
        arguments.put(ImageRecipe.CREATED_ARGUMENT, created);
        EngineImage image =
            engine.build(new BuildRequest(tar, unnamed, platform, noCache, arguments), log);
        if (image.layers().equals(same.layers())) {
          return image;
        }
      }
      arguments.put(ImageRecipe.CREATED_ARGUMENT, now);
      return engine.build(new BuildRequest(tar, unnamed, platform, noCache, arguments), log);
    }
  }

  /** The newest, of those with the fewest layers: images built on it have its label too. */
  private Optional<EngineImage> earlierImage(String inputs) {
    return engine.findByLabel(ImageRecipe.INPUTS_LABEL, inputs).stream()
        .min(Comparator.comparing(image -> image.layers().size()));
  }

  private static <T> T result(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static int added(List<InstalledPackage> packages, List<InstalledPackage> before) {
    Set<String> names = before.stream().map(InstalledPackage::name).collect(Collectors.toSet());
    return (int) packages.stream().filter(installed -> !names.contains(installed.name())).count();
  }

  private Optional<CheckReport> check(
      BuildOptions options, EngineImage image, Milestones milestones) {
    if (!options.test()) {
      log.warn("--no-test: the contract suite was skipped, nothing is known of this image");
      return Optional.empty();
    }
    CheckRequest request =
        new CheckRequest(
            image.id().toString(), Optional.of(options.variant()), options.timeoutScale());
    CheckReport report =
        phase(
            Phase.CHECK,
            options.variant().name(),
            () -> checker.check(request, log),
            BuildPipeline::describe);
    milestones.checked(report);
    if (!report.passed()) {
      throw new ChecksFailedException(options.variant().name(), report);
    }
    return Optional.of(report);
  }

  private record Named(String version, List<ImageReference> names) {
    String text() {
      return names.get(0).toString();
    }
  }

  /** Takes the next free number and the alias, while no other run of this user takes one. */
  private Named name(BuildOptions options, EngineImage image) {
    String repository = options.name().repository();
    String variant = options.variant().name();
    return workspace.alone(
        "name-" + repository + "-" + variant,
        log,
        () -> {
          String version = VersionRule.next(engine.tags(repository), variant, clock).toString();
          ImageReference immutable = options.name().withTag(variant + "-" + version);
          ImageReference alias = options.name().withTag(variant);
          engine.tag(image.id().toString(), immutable);
          try {
            engine.tag(image.id().toString(), alias);
          } catch (RuntimeException e) {
            untag(immutable);
            throw e;
          }
          return new Named(version, List.of(immutable, alias));
        });
  }

  /** Takes a name off even when the run is being interrupted. */
  private void untag(ImageReference reference) {
    boolean interrupted = Thread.interrupted();
    try {
      engine.untag(reference);
    } catch (EngineException e) {
      log.warn("The name " + reference + " could not be taken off: " + e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T phase(Phase phase, String subject, Supplier<T> work, Function<T, String> outcome) {
    log.phaseStarted(phase, subject);
    long start = System.nanoTime();
    T result = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    phases.put(phase, took);
    log.phaseFinished(phase, took, outcome.apply(result));
    return result;
  }

  private static String describe(ResolvedBase base) {
    return base.reference()
        + " "
        + base.source().words()
        + base.digest().map(digest -> ", " + digest).orElse("");
  }

  private static String describe(CheckReport report) {
    return report.count(Outcome.HOLDS)
        + " hold, "
        + report.count(Outcome.BROKEN)
        + " broken, "
        + report.count(Outcome.NOT_APPLICABLE)
        + " not applicable";
  }
}

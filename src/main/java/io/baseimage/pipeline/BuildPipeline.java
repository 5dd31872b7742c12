package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.variant.Variant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Builds one variant: base, runtime, image, checks, name. An image that fails a check, and a run
 * that is interrupted, leave no name behind.
 */
public final class BuildPipeline {
  private static final String UNNAMED = Naming.OWN + "unnamed";

  /** The line of the contract by which every package is the newest of the release. */
  private static final String NEWEST = "PKG-3";

  private final Engine engine;
  private final BaseResolver bases;
  private final ImagePrograms programs;
  private final ImageRecipe recipe;
  private final PackageInventory inventory;
  private final ContractChecker checker;
  private final Workspace workspace;
  private final ImageNames names;
  private final Clock clock;
  private final RunLog log;
  private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);

  /** Is told how far a build is. */
  public interface Milestones {
    /** A base was had, so that it is known what is built: the variant or a stand-in for it. */
    void based(Variant built);

    /** The engine has every step of the build in its cache, as steps of these images. */
    void stepsCached(Set<Digest> images);

    /** The suite has reported, be it well or not. */
    void checked(Variant built, Platform platform, CheckReport report);
  }

  /** A pipeline of these parts, for one build. */
  public BuildPipeline(
      Engine engine,
      BaseResolver bases,
      ImagePrograms programs,
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
    this.names = new ImageNames(engine, workspace, clock, log);
    this.clock = clock;
    this.log = log;
  }

  /**
   * Runs the build, for one platform after the other. Their images get their names together, once
   * all of them are proven. Where steps that the engine's cache has turn out to be of yesterday,
   * because packages have been upgraded since, they are run anew.
   *
   * @param toolchain the variants on whose bases the runtime is compiled, as {@link ToolchainBases}
   *     has them
   * @param milestones told as each is reached
   * @return what was built for each platform
   * @throws ChecksFailedException when a contract line is broken
   */
  public List<BuildOutcome> run(
      BuildOptions options, Supplier<List<Variant>> toolchain, Milestones milestones) {
    try {
      return once(options, toolchain, milestones);
    } catch (ChecksFailedException e) {
      if (options.cacheFrom().isPresent() || !isOutdated(e.report())) {
        throw e;
      }
      log.info("Packages were upgraded since the engine cached their step, which is run anew");
      return once(options.cachedFrom(Optional.of(Set.of())), toolchain, milestones);
    }
  }

  private static boolean isOutdated(CheckReport report) {
    return report.results().stream()
        .anyMatch(result -> result.outcome() == Outcome.BROKEN && result.lines().contains(NEWEST));
  }

  private List<BuildOutcome> once(
      BuildOptions options, Supplier<List<Variant>> toolchain, Milestones milestones) {
    Platform own = engine.info().platform();
    List<Platform> platforms = options.platforms().isEmpty() ? List.of(own) : options.platforms();
    List<Made> all = new ArrayList<>();
    Set<Digest> built = new HashSet<>();
    Consumer<EngineImage> steps =
        image -> {
          built.add(image.id());
          if (built.size() == platforms.size()) {
            milestones.stepsCached(Set.copyOf(built));
          }
        };
    try {
      for (Platform platform : platforms) {
        all.add(make(options, platform, steps, toolchain, milestones));
      }
      List<ImageNames.Named> named =
          phase(
              Phase.NAME,
              options.name().toString(),
              () ->
                  names.give(
                      options.name(), options.naming().apply(all.get(0).variant()), images(all)),
              given ->
                  given.stream()
                      .map(each -> each.names().get(0).toString())
                      .collect(Collectors.joining(", ")));
      List<BuildOutcome> outcomes = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        outcomes.add(outcome(all.get(i), named.get(i)));
      }
      return outcomes;
    } catch (EngineException e) {
      throw withWordOnMirror(e, options.variant());
    } finally {
      all.forEach(made -> names.take(made.unnamed()));
    }
  }

  /** Says where the address is from with which apt's last words deal, if that is the mirror's. */
  private static EngineException withWordOnMirror(EngineException failure, Variant variant) {
    String message = String.valueOf(failure.getMessage());
    String mirror = variant.base().mirror().orElse("");
    Pattern complaint =
        Pattern.compile(
            "^ *(?:E: |Err:).*" + Pattern.quote(mirror.replaceFirst("/+$", "")), Pattern.MULTILINE);
    if (mirror.isEmpty() || !complaint.matcher(message).find()) {
      return failure;
    }
    return new EngineException(
        failure.kind(),
        message
            + "\nThe mirror "
            + mirror
            + " does not serve what is needed: look whether it has "
            + variant.codename()
            + ", or name another by --mirror.",
        failure);
  }

  /** An image without a name that is to stay. */
  private record Made(
      Variant variant,
      Instant started,
      ResolvedBase base,
      ImageRecipe.Rendered rendered,
      ImageReference unnamed,
      EngineImage image,
      Inventory inventory,
      int addedPackages,
      Optional<CheckReport> report,
      Map<Phase, Duration> phases) {}

  private static List<EngineImage> images(List<Made> all) {
    return all.stream().map(Made::image).toList();
  }

  private BuildOutcome outcome(Made made, ImageNames.Named named) {
    Map<Phase, Duration> times = new EnumMap<>(made.phases());
    times.putAll(phases);
    return new BuildOutcome(
        made.variant(),
        made.base(),
        engine.find(made.image().id().toString()).orElse(made.image()),
        named.version(),
        named.names(),
        made.image().sizeBytes() - made.base().image().orElseThrow().sizeBytes(),
        made.inventory(),
        made.addedPackages(),
        made.report(),
        engine.info(),
        times,
        made.rendered().inputs(),
        made.started());
  }

  private Made make(
      BuildOptions options,
      Platform platform,
      Consumer<EngineImage> steps,
      Supplier<List<Variant>> toolchain,
      Milestones milestones) {
    Instant started = clock.instant();
    phases.clear();
    Variant variant = options.variant();
    String subject = variant.name() + (options.platforms().size() > 1 ? " " + platform : "");
    ResolvedBase base =
        phase(
            Phase.BASE,
            variant.base().image().toString(),
            () -> bases.resolve(variant, platform, options.base(), options.pull()),
            BuildPipeline::describe);
    milestones.based(base.buildable(variant));
    SortedMap<String, byte[]> runtime =
        phase(
            Phase.RUNTIME,
            platform.toString(),
            () ->
                programs.get(
                    variant,
                    engine,
                    platform,
                    new ToolchainBases(
                        toolchain,
                        (needed, wanted) -> bases.resolve(needed, wanted, options.base(), false))),
            BuildPipeline::programNames);
    ImageRecipe.Rendered rendered = recipe.render(variant, base, runtime);
    ImageReference unnamed = new ImageReference(UNNAMED, UUID.randomUUID().toString(), null);
    // Read while the build goes on, which leaves this side nothing to do.
    CompletableFuture<List<InstalledPackage>> before =
        CompletableFuture.supplyAsync(() -> inventory.packages(engine, base.image().orElseThrow()));
    CompletableFuture<Inventory> after = CompletableFuture.completedFuture(Inventory.EMPTY);
    boolean made = false;
    try {
      ReproducibleBuild.Result built =
          phase(
              Phase.BUILD,
              subject,
              () ->
                  new ReproducibleBuild(engine, workspace, log)
                      .run(
                          variant.name(),
                          platform,
                          options.cacheFrom(),
                          options.epoch().stream().toList(),
                          base,
                          rendered,
                          unnamed),
              result -> result.image().id().abbreviated());
      steps.accept(built.steps());
      EngineImage image = built.image();
      after = CompletableFuture.supplyAsync(() -> inventory.inventory(engine, image));
      Optional<CheckReport> report =
          check(options, base.buildable(variant), image, subject, milestones);
      Inventory contents = result(after);
      int addedPackages = added(contents.packages(), result(before));
      made = true;
      return new Made(
          base.buildable(variant),
          started,
          base,
          rendered,
          unnamed,
          image,
          contents,
          addedPackages,
          report,
          new EnumMap<>(phases));
    } finally {
      // Whatever came of them: they have containers, which are to be gone before the run is.
      before.handle((packages, failure) -> packages).join();
      after.handle((contents, failure) -> contents).join();
      phases.clear();
      if (!made) {
        names.take(unnamed);
      }
    }
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
      BuildOptions options,
      Variant variant,
      EngineImage image,
      String subject,
      Milestones milestones) {
    if (!options.test()) {
      log.warn("--no-test: the contract suite was skipped, nothing is known of this image");
      return Optional.empty();
    }
    CheckRequest request =
        new CheckRequest(
            image.id().toString(),
            Optional.of(variant),
            options.timeoutScale() * Emulation.timeoutScale(image.platform(), engine.info()));
    CheckReport report =
        phase(Phase.CHECK, subject, () -> checker.check(request, log), BuildPipeline::describe);
    milestones.checked(variant, image.platform(), report);
    if (!report.passed()) {
      throw new ChecksFailedException(variant.name(), report);
    }
    new TestedImages(workspace).add(image.id());
    return Optional.of(report);
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

  private static String programNames(SortedMap<String, byte[]> programs) {
    return programs.keySet().stream()
        .filter(path -> !path.startsWith(RuntimePrograms.TEXTS))
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .collect(Collectors.joining(", "));
  }

  private static String describe(ResolvedBase base) {
    return base.words() + base.digest().map(digest -> ", " + digest).orElse("");
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

package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.BaseArguments;
import io.baseimage.cli.VariantArguments.ChangeArguments;
import io.baseimage.cli.VariantArguments.VariantsArgument;
import io.baseimage.contract.CheckReportFiles;
import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.BuildPipeline;
import io.baseimage.pipeline.Capacity;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.ChecksInTurn;
import io.baseimage.pipeline.ContractChecker;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.KnownSboms;
import io.baseimage.report.Metadata;
import io.baseimage.report.Summary;
import io.baseimage.report.SummaryOfSeveral;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Builds a variant, proves it and names it; what the program does if no command is named. */
@Command(
    name = "build",
    description = "Build a variant, prove it and name it. The default command.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
class BuildCommand implements Callable<Integer> {
  @Mixin private VariantsArgument variantsArgument = new VariantsArgument();
  @Mixin private BaseArguments baseArguments = new BaseArguments();
  @Mixin private ChangeArguments changeArguments = new ChangeArguments();
  @Mixin private BuildArguments buildArguments = new BuildArguments();
  @Mixin private PushArguments pushArguments = new PushArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  BuildCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Optional<Integer> jobs = variantsArgument.jobs();
    Overrides overrides = changeArguments.overrides();
    baseArguments.policy(overrides);
    List<Variant> variants = variantsArgument.get(toolkit, overrides);
    Map<Variant, BuildOptions> options = new LinkedHashMap<>();
    Function<Variant, Naming> naming = pushArguments.naming(buildArguments.repository(), variants);
    for (Variant variant : variants) {
      options.put(
          variant,
          buildArguments.options(
              toolkit.surroundings(), variant, naming, baseArguments, overrides));
    }
    Console console = toolkit.console(consoleArguments);
    try {
      return variantsArgument.isSeveral(toolkit)
          ? several(options, jobs, console)
          : one(options.values().iterator().next(), console);
    } finally {
      console.clear();
    }
  }

  private int one(BuildOptions options, Console console) {
    Surroundings surroundings = toolkit.surroundings();
    Variant variant = options.variant();
    Function<Variant, Path> output = built -> buildArguments.output(surroundings, built);
    begin(options, output);
    try (Engine engine = toolkit.engine(console)) {
      Optional<PushArguments.Push> push =
          pushArguments.prepare(
              toolkit, engine, options.name(), List.of(variant), options.platforms(), console);
      long begun = System.nanoTime();
      List<BuildOutcome> outcomes =
          new OneBuild(engine, toolkit.checker(engine.info()), console)
              .run(options, output, images -> {});
      console.clear();
      if (outcomes.size() == 1) {
        surroundings.out().print(Summary.of(outcomes.get(0)));
      } else {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        SeveralBuilds.Result result =
            new SeveralBuilds.Result(variant, outcomes, Optional.empty(), took);
        surroundings.out().print(SummaryOfSeveral.of(List.of(result), took));
      }
      for (BuildOutcome outcome : outcomes) {
        Path folder = OneBuild.folder(options, outcome, output);
        console.info("Wrote " + surroundings.directory().relativize(folder.resolve(Metadata.FILE)));
      }
      push.ifPresent(given -> given.run(outcomes));
      return ExitCode.DONE.code();
    }
  }

  private int several(Map<Variant, BuildOptions> options, Optional<Integer> jobs, Console console) {
    List<Variant> variants = List.copyOf(options.keySet());
    Surroundings surroundings = toolkit.surroundings();
    Function<Variant, Path> output = built -> buildArguments.outputOfSeveral(surroundings, built);
    options.values().forEach(each -> begin(each, output));
    long begun = System.nanoTime();
    try (Engine engine = toolkit.engine(console)) {
      Optional<PushArguments.Push> push =
          pushArguments.prepare(
              toolkit,
              engine,
              buildArguments.repository(),
              variants,
              options.values().iterator().next().platforms(),
              console);
      Capacity capacity = engine.capacity();
      int atATime = jobs.orElse(capacity.builds());
      ContractChecker checker =
          new ChecksInTurn(toolkit.checker(engine.info()), capacity.processors());
      Map<Variant, Console.Channel> channels = channels(variants, console);
      List<SeveralBuilds.Result> results =
          new SeveralBuilds(atATime, variantsArgument.keepGoing())
              .run(
                  variants,
                  (variant, cacheFrom, stepsCached) -> {
                    Console.Channel channel = Objects.requireNonNull(channels.get(variant));
                    try {
                      return new OneBuild(engine, checker, channel)
                          .run(
                              Objects.requireNonNull(options.get(variant)).cachedFrom(cacheFrom),
                              output,
                              stepsCached);
                    } catch (RuntimeException e) {
                      ("failed: " + e.getMessage()).lines().forEach(channel::info);
                      throw e;
                    } finally {
                      channel.end();
                    }
                  });
      console.clear();
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      surroundings.out().print(SummaryOfSeveral.of(results, took));
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedRunException("building " + variants.size() + " variants");
      }
      ExitCode code = ExitCode.ofSeveral(results);
      if (push.isPresent() && code == ExitCode.DONE) {
        push.get().run(results.stream().flatMap(result -> result.outcomes().stream()).toList());
      } else if (push.isPresent()) {
        console.warn("--push: nothing is published, as not every variant was built");
      }
      return code.code();
    }
  }

  private static Map<Variant, Console.Channel> channels(List<Variant> variants, Console console) {
    int width = variants.stream().mapToInt(each -> each.name().length()).max().orElse(0);
    Map<Variant, Console.Channel> channels = new HashMap<>();
    for (Variant variant : variants) {
      String name = variant.name();
      channels.put(variant, console.channel(name + " ".repeat(width - name.length())));
    }
    return channels;
  }

  /** The parts of a build, put together for one. */
  private final class OneBuild {
    private final Engine engine;
    private final ContractChecker checker;
    private final RunLog log;

    OneBuild(Engine engine, ContractChecker checker, RunLog log) {
      this.engine = engine;
      this.checker = checker;
      this.log = log;
    }

    /**
     * Runs it.
     *
     * @param output where the files about what is built go
     */
    List<BuildOutcome> run(
        BuildOptions options, Function<Variant, Path> output, Consumer<Set<Digest>> stepsCached) {
      Surroundings surroundings = toolkit.surroundings();
      Workspace workspace = surroundings.workspace();
      BuildPipeline pipeline =
          new BuildPipeline(
              engine,
              new BaseResolver(
                  engine, toolkit.bootstrapper(), workspace, surroundings.clock(), log),
              toolkit.programs(log),
              toolkit.recipe(),
              toolkit.inventory(),
              checker,
              workspace,
              surroundings.clock(),
              log);
      List<BuildOutcome> outcomes =
          pipeline.run(
              options,
              () ->
                  toolkit.toolchainVariants(
                      options.variant(), changeArguments.overrides().mirror()),
              new BuildPipeline.Milestones() {
                private final Set<Path> prepared = new HashSet<>();

                @Override
                public void based(Variant built) {
                  if (prepared.add(output.apply(built))) {
                    prepare(options, output.apply(built));
                  }
                }

                @Override
                public void stepsCached(Set<Digest> images) {
                  stepsCached.accept(images);
                }

                @Override
                public void checked(Variant built, Platform platform, CheckReport report) {
                  CheckReportFiles.write(report, folder(options, platform, output.apply(built)));
                }
              });
      KnownSboms known = new KnownSboms(workspace.cache());
      for (BuildOutcome outcome : outcomes) {
        byte[] sbom = toolkit.sboms().write(outcome.image(), outcome.inventory());
        known.remember(outcome.image().id(), sbom);
        Metadata.write(outcome, sbom, folder(options, outcome, output));
      }
      return outcomes;
    }

    private static Path folder(
        BuildOptions options, BuildOutcome outcome, Function<Variant, Path> output) {
      return folder(options, outcome.image().platform(), output.apply(outcome.variant()));
    }

    /** Each of several platforms has a folder of its own. */
    private static Path folder(BuildOptions options, Platform platform, Path output) {
      return options.platforms().size() > 1 ? output.resolve(platform.architecture()) : output;
    }
  }

  /**
   * A minute of building is not to end in a folder that cannot be written. With an image that is
   * named it may turn out to be of a stand-in, which leaves the variant's own files alone.
   */
  private void begin(BuildOptions options, Function<Variant, Path> output) {
    Path folder = output.apply(options.variant());
    if (changeArguments.overrides().image().isPresent()) {
      requireWritable(folder);
    } else {
      prepare(options, folder);
    }
  }

  /** Files of an earlier run do not stay beside those of this one: they speak of another image. */
  private static void prepare(BuildOptions options, Path output) {
    List<Path> used = new ArrayList<>(List.of(output));
    options.platforms().forEach(platform -> used.add(OneBuild.folder(options, platform, output)));
    for (String architecture : Platform.ARCHITECTURES) {
      Path folder = output.resolve(architecture);
      if (Files.isDirectory(folder)) {
        used.add(folder);
      }
    }
    used.forEach(BuildCommand::prepare);
  }

  private static void prepare(Path folder) {
    requireWritable(folder);
    try {
      Metadata.remove(folder);
      for (String file : CheckReportFiles.NAMES) {
        Files.deleteIfExists(folder.resolve(file));
      }
    } catch (IOException e) {
      throw new OutputException("write metadata.json", folder, e);
    }
  }

  private static void requireWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".writable", null));
    } catch (IOException e) {
      throw new OutputException("write metadata.json", folder, e);
    }
  }
}

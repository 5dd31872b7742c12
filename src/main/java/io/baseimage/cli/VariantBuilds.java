package io.baseimage.cli;

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
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.KnownSboms;
import io.baseimage.report.Metadata;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Builds of variants as commands need them: with their files in folders. */
final class VariantBuilds {
  private final Toolkit toolkit;
  private final Overrides overrides;

  /**
   * Builds.
   *
   * @param overrides what was changed in the variants
   */
  VariantBuilds(Toolkit toolkit, Overrides overrides) {
    this.toolkit = toolkit;
    this.overrides = overrides;
  }

  /** The parts of a build, put together for one. */
  OneBuild with(Engine engine, ContractChecker checker, RunLog log) {
    return new OneBuild(engine, checker, log);
  }

  /**
   * Builds several beside each other.
   *
   * @param jobs how many at a time; as many as the engine bears if empty
   * @param output where the files about what is built go
   * @param built told of each as soon as it is built, by whatever thread has built it
   */
  List<SeveralBuilds.Result> several(
      Engine engine,
      Map<Variant, BuildOptions> options,
      Optional<Integer> jobs,
      boolean keepGoing,
      Function<Variant, Path> output,
      Console console,
      BiConsumer<Variant, List<BuildOutcome>> built) {
    List<Variant> variants = List.copyOf(options.keySet());
    Capacity capacity = engine.capacity();
    int atATime = jobs.orElse(capacity.builds());
    ContractChecker checker =
        new ChecksInTurn(toolkit.checker(engine.info()), capacity.processors());
    Map<Variant, Console.Channel> channels = channels(variants, console);
    return new SeveralBuilds(atATime, keepGoing)
        .run(
            variants,
            (variant, cacheFrom, stepsCached) -> {
              Console.Channel channel = Objects.requireNonNull(channels.get(variant));
              try {
                List<BuildOutcome> outcomes =
                    with(engine, checker, channel)
                        .run(
                            Objects.requireNonNull(options.get(variant)).cachedFrom(cacheFrom),
                            output,
                            stepsCached);
                built.accept(variant, outcomes);
                return outcomes;
              } catch (RuntimeException e) {
                ("failed: " + e.getMessage()).lines().forEach(channel::info);
                throw e;
              } finally {
                channel.end();
              }
            });
  }

  /** Fails if the run was stopped while so many were built. */
  static void requireNotInterrupted(int variants) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedRunException("building " + variants + " variants");
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
  final class OneBuild {
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
              () -> toolkit.toolchainVariants(options.variant(), options.variant().givenMirror()),
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
  }

  /** Where the files about what was built are. */
  static Path folder(BuildOptions options, BuildOutcome outcome, Function<Variant, Path> output) {
    return folder(options, outcome.image().platform(), output.apply(outcome.variant()));
  }

  /** Each of several platforms has a folder of its own. */
  private static Path folder(BuildOptions options, Platform platform, Path output) {
    return options.platforms().size() > 1 ? output.resolve(platform.architecture()) : output;
  }

  /**
   * A minute of building is not to end in a folder that cannot be written. With an image that is
   * named it may turn out to be of a stand-in, which leaves the variant's own files alone.
   */
  void begin(BuildOptions options, Function<Variant, Path> output) {
    Path folder = output.apply(options.variant());
    if (overrides.image().isPresent()) {
      requireWritable(folder);
    } else {
      prepare(options, folder);
    }
  }

  /** Files of an earlier run do not stay beside those of this one: they speak of another image. */
  private static void prepare(BuildOptions options, Path output) {
    List<Path> used = new ArrayList<>(List.of(output));
    options.platforms().forEach(platform -> used.add(folder(options, platform, output)));
    for (String architecture : Platform.ARCHITECTURES) {
      Path folder = output.resolve(architecture);
      if (Files.isDirectory(folder)) {
        used.add(folder);
      }
    }
    used.forEach(VariantBuilds::prepare);
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

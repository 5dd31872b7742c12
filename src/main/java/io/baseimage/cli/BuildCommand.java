package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.BaseArguments;
import io.baseimage.cli.VariantArguments.ChangeArguments;
import io.baseimage.cli.VariantArguments.VariantsArgument;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.report.Metadata;
import io.baseimage.report.Summary;
import io.baseimage.report.SummaryOfSeveral;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      if (pushArguments.isDryRun()) {
        plan(options, console).forEach(toolkit.surroundings().out()::println);
        return ExitCode.DONE.code();
      }
      return variantsArgument.isSeveral(toolkit)
          ? several(options, jobs, console)
          : one(options.values().iterator().next(), console);
    } finally {
      console.clear();
    }
  }

  /** All of it is found out before any of it is printed: what would be refused prints nothing. */
  private List<String> plan(Map<Variant, BuildOptions> options, Console console) {
    Optional<Engine> running = toolkit.runningEngine();
    try {
      BuildPlan plan = new BuildPlan(running, toolkit.surroundings().clock());
      List<Platform> platforms = plan.platforms(baseArguments.platforms());
      Function<Variant, List<String>> push =
          pushArguments.plan(toolkit, buildArguments.repository(), platforms, console);
      List<String> lines = new ArrayList<>();
      options.forEach(
          (variant, its) -> {
            lines.addAll(plan.of(its));
            lines.addAll(push.apply(variant));
          });
      return lines;
    } finally {
      running.ifPresent(Engine::close);
    }
  }

  private int one(BuildOptions options, Console console) {
    Surroundings surroundings = toolkit.surroundings();
    Variant variant = options.variant();
    Function<Variant, Path> output = built -> buildArguments.output(surroundings, built);
    VariantBuilds builds = new VariantBuilds(toolkit, changeArguments.overrides());
    builds.begin(options, output);
    try (Engine engine = toolkit.engine(console)) {
      Optional<PushArguments.Push> push =
          pushArguments.prepare(
              toolkit, engine, options.name(), List.of(variant), options.platforms(), console);
      long begun = System.nanoTime();
      List<BuildOutcome> outcomes =
          builds
              .with(engine, toolkit.checker(engine.info()), console)
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
        Path folder = VariantBuilds.folder(options, outcome, output);
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
    VariantBuilds builds = new VariantBuilds(toolkit, changeArguments.overrides());
    options.values().forEach(each -> builds.begin(each, output));
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
      List<SeveralBuilds.Result> results =
          builds.several(
              engine,
              options,
              jobs,
              variantsArgument.keepGoing(),
              output,
              console,
              (variant, outcomes) -> {});
      console.clear();
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      surroundings.out().print(SummaryOfSeveral.of(results, took));
      VariantBuilds.requireNotInterrupted(variants.size());
      ExitCode code = ExitCode.ofSeveral(results);
      if (push.isPresent() && code == ExitCode.DONE) {
        push.get().run(results.stream().flatMap(result -> result.outcomes().stream()).toList());
      } else if (push.isPresent()) {
        console.warn("--push: nothing is published, as not every variant was built");
      }
      return code.code();
    }
  }
}

package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.BaseArguments;
import io.baseimage.cli.VariantArguments.ChangeArguments;
import io.baseimage.cli.VariantArguments.VariantArgument;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImagePrograms;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.ToolchainBases;
import io.baseimage.variant.Variant;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a variant's Dockerfile and context into a folder. */
@Command(
    name = "render",
    description =
        "Write a folder that plain 'docker build' turns into the variant's image. Nothing is"
            + " fetched unless --base says so; the runtime is compiled if it has not been yet.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RenderCommand implements Callable<Integer> {
  @Mixin private VariantArgument variantArgument = new VariantArgument();
  @Mixin private BaseArguments baseArguments = new BaseArguments();
  @Mixin private ChangeArguments changeArguments = new ChangeArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description = "Folder to write: a new or empty one, or one that an earlier render wrote.")
  private @Nullable Path output;

  private final Toolkit toolkit;

  RenderCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    if (baseArguments.platforms().size() > 1) {
      throw new UsageException("--platform: a folder is rendered for one platform");
    }
    baseArguments.policy(changeArguments.overrides());
    boolean mayFetch = baseArguments.policy() != BasePolicy.AUTO || baseArguments.pull();
    // The engine is asked on one core while the variant is read on another.
    CompletableFuture<Optional<Engine>> asked =
        mayFetch
            ? CompletableFuture.completedFuture(Optional.empty())
            : CompletableFuture.supplyAsync(toolkit::runningEngine);
    Variant variant = variantArgument.get(toolkit, changeArguments.overrides());
    Console console = toolkit.console(consoleArguments);
    Path folder = toolkit.surroundings().resolve(java.util.Objects.requireNonNull(output));
    RenderedFolder target = RenderedFolder.of(folder);
    ImageRecipe.Rendered rendered;
    try {
      rendered = render(variant, console, mayFetch, asked);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    target.write(rendered.context());
    toolkit.surroundings().out().println(folder);
    return ExitCode.DONE.code();
  }

  private ImageRecipe.Rendered render(
      Variant variant,
      Console console,
      boolean mayFetch,
      CompletableFuture<Optional<Engine>> asked) {
    Optional<Platform> wanted = baseArguments.platforms().stream().findFirst();
    ImageRecipe recipe = toolkit.recipe();
    ImagePrograms programs = toolkit.programs(console);
    Optional<Engine> running = asked.join();
    Platform platform =
        wanted
            .or(() -> running.map(engine -> engine.info().platform()))
            .orElseGet(Toolkit::ownPlatform);
    Optional<SortedMap<String, byte[]>> compiled = programs.cached(variant, platform);
    if (!mayFetch && compiled.isPresent()) {
      ResolvedBase base =
          running
              .flatMap(engine -> BaseResolver.find(engine, variant, platform))
              .orElseGet(
                  () ->
                      new ResolvedBase(
                          variant.base().image(), ResolvedBase.Source.NAMED, Optional.empty()));
      console.info("Base: " + base.words());
      running.ifPresent(Engine::close);
      return recipe.render(variant, base, compiled.get());
    }
    running.ifPresent(Engine::close);
    try (Engine engine = toolkit.engine(console)) {
      BaseResolver bases =
          new BaseResolver(
              engine,
              toolkit.bootstrapper(),
              toolkit.surroundings().workspace(),
              toolkit.surroundings().clock(),
              console);
      SortedMap<String, byte[]> made =
          programs.get(
              variant,
              engine,
              platform,
              new ToolchainBases(
                  () -> toolkit.toolchainVariants(variant, changeArguments.overrides().mirror()),
                  (needed, own) -> bases.resolve(needed, own, baseArguments.policy(), false)));
      ResolvedBase base =
          mayFetch
              ? bases.resolve(variant, platform, baseArguments.policy(), baseArguments.pull())
              : BaseResolver.find(engine, variant, platform)
                  .orElseGet(
                      () ->
                          new ResolvedBase(
                              variant.base().image(), ResolvedBase.Source.NAMED, Optional.empty()));
      console.info("Base: " + base.words());
      return recipe.render(variant, base, made);
    }
  }
}

package io.baseimage.cli;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.variant.Variant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Loads what the commands load, so that the launcher can keep it in a class-data archive. */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  private final Toolkit toolkit;

  WarmUpCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    CommandLineProgram.run(toolkit.surroundings(), "--help");
    ImageRecipe recipe = toolkit.recipe();
    for (String name : toolkit.catalog().names()) {
      Variant variant = toolkit.variant(name);
      ResolvedBase base =
          new ResolvedBase(variant.base().image(), ResolvedBase.Source.NAMED, Optional.empty());
      Digest digest = recipe.render(variant, base, new TreeMap<>()).context().digest();
      toolkit.surroundings().out().println(name + " " + digest);
    }
    toolkit
        .runningEngine()
        .ifPresent(
            engine -> {
              try (engine) {
                for (String name : toolkit.catalog().names()) {
                  BaseResolver.find(engine, toolkit.variant(name), engine.info().platform());
                }
              }
            });
    // Whatever it answers: what it loaded is what counts.
    CommandLineProgram.run(toolkit.surroundings(), "engine", "status");
    return ExitCode.DONE.code();
  }
}

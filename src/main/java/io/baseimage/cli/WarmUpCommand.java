package io.baseimage.cli;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.Workspace;
import io.baseimage.variant.Variant;
import java.io.IOException;
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
    askRegistry();
    return ExitCode.DONE.code();
  }

  private void askRegistry() {
    String variant = "debian-12";
    Surroundings own = toolkit.surroundings();
    try (Workspace.TemporaryDirectory folder = own.workspace().temporaryDirectory("warm-up");
        WarmUpRegistry registry = new WarmUpRegistry(variant)) {
      Surroundings apart = own.at(folder.path());
      CommandLineProgram.run(apart, "rollback", registry.repository(), "--variant", variant);
      CommandLineProgram.run(apart, "tags", registry.repository());
    } catch (IOException e) {
      // Commands that speak to registries then start a little slower.
      own.err().println("No registry to ask: " + e);
    }
  }
}

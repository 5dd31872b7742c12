package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Naming;
import io.baseimage.publish.Publication;
import io.baseimage.publish.PushPlan;
import io.baseimage.variant.Variant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether and how what was built is published. */
final class PushArguments {
  @Option(
      names = "--push",
      description =
          "Publish to the repository of --name what was built, once all of it has passed its"
              + " checks, under the registry's next versions.")
  private boolean push;

  @Option(
      names = "--dry-run",
      description =
          "Print what would be built, and with --push what would be published; build, start and"
              + " change nothing. Whether the registry may be written to is not tried.")
  private boolean dryRun;

  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin private RegistryArguments registryArguments = new RegistryArguments();

  /** Publishes what a run has built. */
  interface Push {
    void run(List<BuildOutcome> outcomes);
  }

  /** How what is built is named on the engine; fails if names of two variants would be one. */
  Function<Variant, Naming> naming(ImageReference name, List<Variant> variants) {
    Releases.requireApart(List.of(name), variants.stream().map(tagArguments::onEngine).toList());
    if (push) {
      Releases.requireApart(
          List.of(name), variants.stream().map(tagArguments::inRegistry).toList());
    }
    return tagArguments::onEngine;
  }

  boolean isDryRun() {
    return dryRun;
  }

  /**
   * What would be published of each variant, in words; none if nothing would.
   *
   * @param platforms what the images would be for
   */
  Function<Variant, List<String>> plan(
      Toolkit toolkit, ImageReference name, List<Platform> platforms, Console console) {
    if (!push) {
      return variant -> List.of();
    }
    Surroundings surroundings = toolkit.surroundings();
    PushPlan plan =
        new PushPlan(
            registryArguments.registries(surroundings, name, console),
            surroundings.workspace().cache(),
            surroundings.clock());
    return variant -> {
      Naming naming = tagArguments.inRegistry(variant);
      return plan.of(naming.repository(name), naming.rule(), naming.aliases(), platforms);
    };
  }

  /**
   * Nothing if nothing is to be published; else it is known now that it may be.
   *
   * @param name the repository that was asked for
   * @param asked the platforms that were asked for; none for the engine's own
   */
  Optional<Push> prepare(
      Toolkit toolkit,
      Engine engine,
      ImageReference name,
      List<Variant> variants,
      List<Platform> asked,
      Console console) {
    if (!push) {
      return Optional.empty();
    }
    List<Platform> platforms = asked.isEmpty() ? List.of(engine.info().platform()) : asked;
    Surroundings surroundings = toolkit.surroundings();
    Publication publication =
        new Publication(
            engine,
            toolkit.inventory(),
            toolkit.sboms(),
            registryArguments.registries(surroundings, name, console),
            surroundings.workspace(),
            surroundings.clock(),
            console);
    publication.checkWriteAccess(
        variants.stream()
            .map(variant -> tagArguments.inRegistry(variant).repository(name))
            .distinct()
            .toList());
    for (Variant variant : variants) {
      Naming naming = tagArguments.inRegistry(variant);
      publication.checkTags(naming.repository(name), naming.rule(), naming.aliases(), platforms);
    }
    return Optional.of(
        outcomes -> {
          var published =
              publication.publish(
                  Releases.of(
                      List.of(name),
                      outcomes.stream()
                          .map(
                              outcome ->
                                  new Releases.Named(
                                      outcome.image(), tagArguments.inRegistry(outcome.variant())))
                          .toList()));
          console.clear();
          PublishCommand.print(surroundings.out(), published);
        });
  }
}

package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.publish.Publication;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin private RegistryArguments registryArguments = new RegistryArguments();

  /** Publishes what a run has built. */
  interface Push {
    void run(List<BuildOutcome> outcomes);
  }

  /** Nothing if nothing is to be published; else it is known now that it may be. */
  Optional<Push> prepare(
      Toolkit toolkit, Engine engine, ImageReference repository, Console console) {
    if (!push) {
      return Optional.empty();
    }
    Surroundings surroundings = toolkit.surroundings();
    Publication publication =
        new Publication(
            engine,
            registryArguments.registries(surroundings, repository, console),
            surroundings.workspace(),
            surroundings.clock(),
            console);
    publication.checkWriteAccess(List.of(repository));
    return Optional.of(
        outcomes -> {
          var published =
              publication.publish(
                  Map.of(
                      repository,
                      tagArguments.releases(outcomes.stream().map(BuildOutcome::image).toList())));
          console.clear();
          PublishCommand.print(surroundings.out(), published);
        });
  }
}

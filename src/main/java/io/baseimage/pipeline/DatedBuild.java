package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has an engine build what was rendered. An image says when it was made, but a build that the cache
 * answers whole makes nothing: it is tried with the time of the image that came of the same inputs,
 * so that two builds of one input are one image, and is given its own time only if something was
 * made anew after all.
 */
final class DatedBuild {
  private final Engine engine;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;

  DatedBuild(Engine engine, Workspace workspace, Clock clock, RunLog log) {
    this.engine = engine;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  EngineImage run(
      BuildOptions options,
      Platform platform,
      ResolvedBase base,
      ImageRecipe.Rendered rendered,
      ImageReference unnamed) {
    String now = Instant.ofEpochSecond(clock.instant().getEpochSecond()).toString();
    Map<String, String> arguments = new HashMap<>();
    // The id and not the name: the name may have moved since it was looked at.
    arguments.put(ImageRecipe.BASE_ARGUMENT, base.image().orElseThrow().id().toString());
    Optional<Set<Digest>> cacheFrom = options.cacheFrom();
    Optional<EngineImage> earlier =
        cacheFrom.isPresent() ? Optional.empty() : earlierImage(rendered.inputs());
    try (var directory = workspace.temporaryDirectory("context")) {
      Path tar = RuntimePrograms.writeTar(rendered.context(), directory.path());
      if (earlier.isPresent()) {
        EngineImage same = earlier.get();
        String created = same.labels().getOrDefault(ImageRecipe.CREATED_LABEL, now);
        arguments.put(ImageRecipe.CREATED_ARGUMENT, created);
        EngineImage image =
            engine.build(new BuildRequest(tar, unnamed, platform, cacheFrom, arguments), log);
        if (image.layers().equals(same.layers())) {
          return image;
        }
      }
      arguments.put(ImageRecipe.CREATED_ARGUMENT, now);
      return engine.build(new BuildRequest(tar, unnamed, platform, cacheFrom, arguments), log);
    }
  }

  /** The newest, of those with the fewest layers: images built on it have its label too. */
  private Optional<EngineImage> earlierImage(String inputs) {
    return engine.findByLabel(ImageRecipe.INPUTS_LABEL + "=" + inputs).stream()
        .min(Comparator.comparing(image -> image.layers().size()));
  }
}

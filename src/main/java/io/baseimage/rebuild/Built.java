package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.CurrentVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was built of a variant, to be compared with what is published, and perhaps to be dropped.
 */
public final class Built {
  private final Engine engine;
  private final List<BuildOutcome> outcomes;
  private final DroppedBuilds dropped;
  private final RunLog log;

  /**
   * What was built.
   *
   * @param outcomes for each platform
   */
  public Built(Engine engine, List<BuildOutcome> outcomes, DroppedBuilds dropped, RunLog log) {
    this.engine = engine;
    this.outcomes = List.copyOf(outcomes);
    this.dropped = dropped;
    this.log = log;
  }

  /**
   * Whether it has the content of what is published, for each platform.
   *
   * @param published what is published now
   */
  public boolean isSame(CurrentVersion published) {
    if (published.images().size() != outcomes.size()) {
      return false;
    }
    for (BuildOutcome outcome : outcomes) {
      Optional<CurrentVersion.Image> its =
          published.images().stream()
              .filter(image -> image.platform().equals(outcome.image().platform()))
              .findFirst();
      if (its.isEmpty() || !isSame(published, its.get(), outcome)) {
        return false;
      }
    }
    return true;
  }

  private boolean isSame(
      CurrentVersion published, CurrentVersion.Image image, BuildOutcome outcome) {
    if (image.config().equals(outcome.image().id())) {
      return true;
    }
    ImageReference name = new ImageReference(published.name().repository(), null, image.manifest());
    Optional<EngineImage> here =
        engine.find(image.config().toString()).or(() -> engine.find(name.toString()));
    EngineImage before = here.orElseGet(() -> engine.pull(name, image.platform(), log));
    try {
      Optional<String> difference = ImageContent.difference(engine, before, outcome.image());
      difference.ifPresent(
          what -> log.info(outcome.variant().name() + " differs from what is published: " + what));
      return difference.isEmpty();
    } finally {
      if (here.isEmpty()) {
        engine.untag(name);
      }
    }
  }

  /**
   * Takes it off the engine.
   *
   * @param published the image whose content it has
   * @param names what its names were those of before it was built, as {@link #names} found them
   */
  public void drop(CurrentVersion published, Map<ImageReference, String> names, Instant now) {
    for (BuildOutcome outcome : outcomes) {
      published.images().stream()
          .filter(image -> image.platform().equals(outcome.image().platform()))
          .forEach(image -> dropped.add(image.config(), outcome.image().labels(), now));
      for (ImageReference name : outcome.names()) {
        String before = names.get(name);
        if (before == null) {
          engine.untag(name);
        } else {
          engine.tag(before, name);
        }
      }
    }
  }

  /** Which images of an engine have these names, by name; those that none has are left out. */
  public static Map<ImageReference, String> names(Engine engine, List<ImageReference> names) {
    Map<ImageReference, String> ids = new HashMap<>();
    for (ImageReference name : names) {
      engine.find(name.toString()).ifPresent(image -> ids.put(name, image.id().toString()));
    }
    return ids;
  }
}

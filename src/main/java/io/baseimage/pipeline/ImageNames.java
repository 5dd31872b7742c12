package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Gives images their names on an engine: versions, which never move, and aliases, which do. */
final class ImageNames {
  private final Engine engine;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;

  ImageNames(Engine engine, Workspace workspace, Clock clock, RunLog log) {
    this.engine = engine;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  /**
   * What an image was named.
   *
   * @param version the version
   * @param names those that do not move, and then the aliases
   */
  record Named(String version, List<ImageReference> names) {}

  /**
   * Takes the next free number and the aliases, while no other run of this user takes one. Where
   * there are images of several platforms each has its own names, and that of the engine's own
   * platform the plain ones too. When one cannot be given, no image has a version of this run.
   *
   * <p>The variant's name is always an alias, of the plain repository: so people and scripts find
   * what was built last without knowing how the variant's versions are named.
   *
   * @param name the repository that was asked for
   * @param images of one variant, each of another platform
   */
  List<Named> give(ImageReference name, Naming naming, List<EngineImage> images) {
    ImageReference repository = naming.repository(name);
    return workspace.alone(
        "name-" + repository,
        log,
        () -> {
          TagRule rule = naming.rule();
          ImageVersion version = rule.next(engine.tags(repository.repository()), clock);
          List<List<ImageReference>> versions = new ArrayList<>();
          List<List<ImageReference>> aliases = new ArrayList<>();
          for (EngineImage image : images) {
            Platform platform = image.platform();
            List<ImageReference> immutable = new ArrayList<>();
            List<ImageReference> moving = new ArrayList<>();
            if (images.size() == 1 || platform.equals(engine.info().platform())) {
              immutable.add(repository.withTag(rule.tag(version)));
              moving.addAll(aliases(name, naming, ""));
            }
            if (images.size() > 1) {
              immutable.add(repository.withTag(rule.tag(version, platform)));
              moving.addAll(aliases(name, naming, "-" + platform.architecture()));
            }
            versions.add(immutable);
            aliases.add(moving);
          }
          tag(images, versions, aliases);
          List<Named> named = new ArrayList<>();
          for (int i = 0; i < images.size(); i++) {
            List<ImageReference> names = new ArrayList<>(versions.get(i));
            names.addAll(aliases.get(i));
            named.add(new Named(version.toString(), names));
          }
          return named;
        });
  }

  private static List<ImageReference> aliases(ImageReference name, Naming naming, String end) {
    ImageReference repository = naming.repository(name);
    return Stream.concat(
            naming.aliases().stream().map(alias -> repository.withTag(alias + end)),
            Stream.of(name.withTag(naming.rule().variant() + end)))
        .distinct()
        .toList();
  }

  private void tag(
      List<EngineImage> images,
      List<List<ImageReference>> versions,
      List<List<ImageReference>> aliases) {
    List<ImageReference> given = new ArrayList<>();
    try {
      for (int i = 0; i < images.size(); i++) {
        for (ImageReference reference : versions.get(i)) {
          engine.tag(images.get(i).id().toString(), reference);
          given.add(reference);
        }
      }
      for (int i = 0; i < images.size(); i++) {
        String id = images.get(i).id().toString();
        aliases.get(i).forEach(alias -> engine.tag(id, alias));
      }
    } catch (RuntimeException e) {
      given.forEach(this::take);
      throw e;
    }
  }

  /** Takes a name off even when the run is being interrupted. */
  void take(ImageReference reference) {
    boolean interrupted = Thread.interrupted();
    try {
      engine.untag(reference);
    } catch (EngineException e) {
      log.warn("The name " + reference + " could not be taken off: " + e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

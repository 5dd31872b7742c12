package io.baseimage.cli;

import io.baseimage.cli.Freshnesses.Standing;
import io.baseimage.image.ImageReference;
import io.baseimage.inventory.Differences;
import io.baseimage.pipeline.BaseException;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.CurrentVersions;
import io.baseimage.publish.Publication;
import io.baseimage.publish.Published;
import io.baseimage.publish.Release;
import io.baseimage.publish.RepositoryImages;
import io.baseimage.rebuild.Built;
import io.baseimage.rebuild.DroppedBuilds;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebuild;
import io.baseimage.rebuild.Rebuild.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is done with what was built anew: it is dropped, kept or published. */
final class Rebuilding {
  private final Toolkit toolkit;
  private final Freshnesses freshnesses;
  private final Engine engine;
  private final BasePolicy policy;
  private final boolean push;
  private final Console console;
  private final Registries registries;
  private final Publication publication;

  Rebuilding(
      Toolkit toolkit,
      Freshnesses freshnesses,
      Engine engine,
      BasePolicy policy,
      boolean push,
      Console console) {
    this.toolkit = toolkit;
    this.freshnesses = freshnesses;
    this.engine = engine;
    this.policy = policy;
    this.push = push;
    this.console = console;
    Surroundings surroundings = toolkit.surroundings();
    this.registries = freshnesses.registries(toolkit, console);
    this.publication =
        new Publication(
            engine,
            toolkit.inventory(),
            toolkit.sboms(),
            registries,
            surroundings.workspace(),
            surroundings.clock(),
            console);
  }

  /** Fails before anything is built if it may not be published. */
  void checkWriteAccess(List<Standing> chosen) {
    if (push) {
      publication.checkWriteAccess(
          chosen.stream().map(each -> each.freshness().repository()).distinct().toList());
    }
  }

  /**
   * What becomes of one variant. What goes wrong with it does not concern the others.
   *
   * @param names what the engine's aliases named before the build
   */
  Rebuild conclude(
      Standing standing,
      List<Reason> reasons,
      SeveralBuilds.Result result,
      Map<ImageReference, String> names) {
    if (result.failure().isPresent()) {
      return failed(standing, reasons, result.failure().get());
    }
    try {
      return conclude(standing, reasons, result.outcomes(), names);
    } catch (InterruptedRunException e) {
      throw e;
    } catch (RuntimeException e) {
      if (ExitCode.of(e) == ExitCode.INTERNAL) {
        throw e;
      }
      console.info(standing.freshness().variant() + " failed: " + e.getMessage());
      return failed(standing, reasons, e);
    }
  }

  private static Rebuild failed(Standing standing, List<Reason> reasons, RuntimeException failure) {
    return new Rebuild(
        standing.freshness(),
        Outcome.FAILED,
        reasons,
        List.of(),
        Optional.empty(),
        Optional.of(String.valueOf(failure.getMessage())));
  }

  private Rebuild conclude(
      Standing standing,
      List<Reason> reasons,
      List<BuildOutcome> outcomes,
      Map<ImageReference, String> names) {
    outcomes.forEach(outcome -> requireBase(standing, outcome));
    Surroundings surroundings = toolkit.surroundings();
    Registry registry = registries.open(standing.freshness().repository());
    // Another run may have published meanwhile.
    Optional<CurrentVersion> current =
        new CurrentVersions(registry, surroundings.workspace().cache())
            .of(standing.naming(), registry.tags());
    List<ImageDifference> differences =
        outcomes.stream()
            .flatMap(
                outcome ->
                    current.flatMap(published -> difference(registry, published, outcome)).stream())
            .toList();
    Built built = new Built(engine, outcomes, new DroppedBuilds(surroundings.workspace()), console);
    // Another version of a package may have the same files.
    boolean hasNewPackages =
        differences.stream()
            .flatMap(difference -> difference.packages().stream())
            .anyMatch(changes -> !changes.isEmpty());
    if (current.isPresent() && !hasNewPackages && built.isSame(current.get())) {
      built.drop(current.get(), names, surroundings.clock().instant());
      return new Rebuild(
          standing.freshness(),
          Outcome.SAME,
          reasons,
          differences,
          Optional.empty(),
          Optional.empty());
    }
    Optional<Published> published =
        push ? Optional.of(publish(reasons, outcomes)) : Optional.empty();
    return new Rebuild(
        standing.freshness(),
        push ? Outcome.PUBLISHED : Outcome.BUILT,
        reasons,
        differences,
        published,
        Optional.empty());
  }

  static boolean isOnBaseOfRegistry(CurrentVersion.Image image) {
    return image
        .label(ImageRecipe.BASE_ORIGIN_LABEL)
        .equals(Optional.of(ResolvedBase.Origin.REGISTRY.id()));
  }

  /** Fails if the base is what the engine happened to have, and may be an older one. */
  private void requireBase(Standing standing, BuildOutcome outcome) {
    ResolvedBase base = outcome.base();
    if (policy != BasePolicy.AUTO || base.source() != ResolvedBase.Source.LOCAL) {
      return;
    }
    standing.freshness().published().stream()
        .flatMap(published -> published.images().stream())
        .filter(image -> image.platform().equals(outcome.image().platform()))
        .filter(Rebuilding::isOnBaseOfRegistry)
        .filter(image -> !image.label(ImageRecipe.BASE_DIGEST_LABEL).equals(base.digest()))
        .findFirst()
        .ifPresent(
            image -> {
              throw new BaseException(
                  outcome.variant().name(),
                  List.of(
                      "what is published was built on "
                          + base.reference()
                          + " with the digest "
                          + image.label(ImageRecipe.BASE_DIGEST_LABEL).orElse("unknown"),
                      "the engine has "
                          + base.digest().orElse("another one")
                          + ", and the registry could not be asked which is newer"),
                  "Run it again when the registry answers, or take the engine's by --base local.");
            });
  }

  private Published publish(List<Reason> reasons, List<BuildOutcome> outcomes) {
    List<Releases.Named> named =
        outcomes.stream()
            .map(
                outcome ->
                    new Releases.Named(outcome.image(), freshnesses.inRegistry(outcome.variant())))
            .toList();
    List<String> lines = reasons.stream().map(Reason::text).toList();
    Map<ImageReference, List<Release>> releases = new LinkedHashMap<>();
    Releases.of(List.of(freshnesses.repository()), named)
        .forEach(
            (name, its) ->
                releases.put(name, its.stream().map(each -> each.because(lines)).toList()));
    return publication.publish(releases).get(0);
  }

  /** Of the images for one platform; nothing if none is published or it cannot be read. */
  private Optional<ImageDifference> difference(
      Registry registry, CurrentVersion published, BuildOutcome outcome) {
    Optional<CurrentVersion.Image> its =
        published.images().stream()
            .filter(image -> image.platform().equals(outcome.image().platform()))
            .findFirst();
    if (its.isEmpty()) {
      return Optional.empty();
    }
    try {
      ImageDescription before =
          new RepositoryImages(registry, toolkit.sboms(), Toolkit.ownPlatform())
              .describe(
                  new ImageReference(
                      registry.repository().repository(), null, its.get().manifest()),
                  Optional.empty());
      ImageDescription after =
          new ImageDescription(
              outcome.names().get(0).toString(),
              ImageDescription.Place.ENGINE,
              outcome.image().id(),
              outcome.image().platform(),
              outcome.image().sizeBytes(),
              engine.configuration(outcome.image().id().toString()),
              Optional.of(outcome.inventory()));
      return Optional.of(Differences.between(before, after));
    } catch (RegistryException e) {
      console.warn(
          "What has changed in " + published.name() + " cannot be told: " + e.getMessage());
      return Optional.empty();
    }
  }
}

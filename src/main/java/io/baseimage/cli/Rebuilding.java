package io.baseimage.cli;

import io.baseimage.cli.Freshnesses.Standing;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BaseException;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.CurrentVersions;
import io.baseimage.publish.Publication;
import io.baseimage.publish.PublicationException;
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
  private static final int MOST_TRIES = 5;

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
   * What becomes of one variant, one after the other. What goes wrong with it does not concern the
   * others.
   *
   * @param names what the engine's aliases named before the build
   */
  synchronized Rebuild conclude(
      Standing standing,
      List<Reason> reasons,
      List<BuildOutcome> outcomes,
      Map<ImageReference, String> names) {
    try {
      return built(standing, reasons, outcomes, names);
    } catch (InterruptedRunException e) {
      throw e;
    } catch (RuntimeException e) {
      if (ExitCode.of(e) == ExitCode.INTERNAL || ExitCode.of(e) == ExitCode.INTERRUPTED) {
        throw e;
      }
      console.info(standing.freshness().variant() + " failed: " + e.getMessage());
      return failed(standing, reasons, e);
    }
  }

  static Rebuild failed(Standing standing, List<Reason> reasons, RuntimeException failure) {
    return new Rebuild(
        standing.freshness(),
        Outcome.FAILED,
        reasons,
        List.of(),
        Optional.empty(),
        Optional.of(String.valueOf(failure.getMessage())));
  }

  /** Of what is published when it is this variant's turn: others may have published meanwhile. */
  private Rebuild built(
      Standing standing,
      List<Reason> reasons,
      List<BuildOutcome> outcomes,
      Map<ImageReference, String> names) {
    outcomes.forEach(outcome -> requireBase(standing, outcome));
    for (int tries = 1; ; tries++) {
      try {
        return compared(standing, reasons, outcomes, names);
      } catch (PublicationException e) {
        if (tries == MOST_TRIES || !isReplaced(e)) {
          throw e;
        }
        console.info(standing.freshness().variant() + " was published by another run meanwhile");
      }
    }
  }

  private static boolean isReplaced(PublicationException failure) {
    return failure.failure() instanceof RegistryException registry
        && registry.kind() == RegistryException.Kind.REPLACED;
  }

  private Rebuild compared(
      Standing standing,
      List<Reason> reasons,
      List<BuildOutcome> outcomes,
      Map<ImageReference, String> names) {
    Surroundings surroundings = toolkit.surroundings();
    Registry registry = registries.open(standing.freshness().repository());
    CurrentVersions versions = new CurrentVersions(registry, surroundings.workspace().cache());
    List<String> tags = registry.tags();
    Optional<CurrentVersion> current = versions.of(standing.naming(), tags);
    Built built = new Built(engine, outcomes, new DroppedBuilds(surroundings.workspace()), console);
    RebuildDifferences differences =
        new RebuildDifferences(
            new RepositoryImages(registry, toolkit.sboms(), Toolkit.ownPlatform()),
            registry.repository(),
            standing.naming().rule(),
            engine,
            console);
    List<ImageDifference> found =
        current.map(published -> differences.of(published, outcomes)).orElse(List.of());
    Outcome same = Outcome.SAME;
    Optional<CurrentVersion> its =
        current.filter(published -> !hasNewPackages(found) && built.isSame(published));
    if (its.isEmpty()) {
      same = Outcome.WITHDRAWN;
      its =
          versions
              .withdrawn(standing.naming().rule(), tags)
              .filter(
                  published ->
                      !hasNewPackages(differences.of(published, outcomes))
                          && built.isSame(published));
    }
    if (its.isPresent()) {
      built.drop(its.get(), names, surroundings.clock().instant());
      return new Rebuild(
          standing.freshness(), same, reasons, found, Optional.empty(), Optional.empty());
    }
    if (!push) {
      return new Rebuild(
          standing.freshness(), Outcome.BUILT, reasons, found, Optional.empty(), Optional.empty());
    }
    Release.Place place = current.map(CurrentVersion::place).orElseGet(Release.Place.Empty::new);
    Published published = publish(reasons, outcomes, place);
    return new Rebuild(
        standing.freshness(),
        Outcome.PUBLISHED,
        reasons,
        differences.after(found, published),
        Optional.of(published),
        Optional.empty());
  }

  /** Another version of a package may have the same files. */
  private static boolean hasNewPackages(List<ImageDifference> differences) {
    return differences.stream()
        .flatMap(difference -> difference.packages().stream())
        .anyMatch(changes -> !changes.isEmpty());
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

  private Published publish(
      List<Reason> reasons, List<BuildOutcome> outcomes, Release.Place place) {
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
                releases.put(
                    name,
                    its.stream().map(each -> each.because(lines).inThePlaceOf(place)).toList()));
    return publication.publish(releases).get(0);
  }
}

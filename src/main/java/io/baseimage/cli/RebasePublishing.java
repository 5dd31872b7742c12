package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.ChecksInTurn;
import io.baseimage.pipeline.Engine;
import io.baseimage.publish.ExchangedRuntimes;
import io.baseimage.publish.Publication;
import io.baseimage.publish.Published;
import io.baseimage.publish.Release;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.Rebase;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Proves images with another runtime, and makes them the next versions. */
final class RebasePublishing {
  private final Toolkit toolkit;
  private final ImageReference repository;
  private final Publication publication;
  private final Console console;

  RebasePublishing(
      Toolkit toolkit, ImageReference repository, Publication publication, Console console) {
    this.toolkit = toolkit;
    this.repository = repository;
    this.publication = publication;
    this.console = console;
  }

  /** What would be done, in lines. */
  List<String> plan(List<Prepared> possible) {
    return publication.plan(byRepository(releases(possible)));
  }

  /** Fails if nothing could be published. */
  void checkWriteAccess(List<Prepared> possible) {
    publication.checkWriteAccess(byRepository(releases(possible)).keySet());
  }

  /**
   * Runs the contract suite on all of them. The runtime is common to all: where it breaks the
   * contract, none of them gets it.
   *
   * @return what became of them; empty if none broke it
   */
  Map<Prepared, Rebase> failed(
      List<Prepared> possible, ExchangedRuntimes made, double timeoutScale, Engine engine) {
    int atATime = engine.capacity().processors();
    RebaseProof proof =
        new RebaseProof(
            engine,
            new ChecksInTurn(toolkit.checker(engine.info()), atATime),
            made,
            toolkit.surroundings().workspace(),
            timeoutScale,
            console);
    List<Optional<String>> failures =
        AtOnce.each(possible, atATime, "checking the new images", each -> failure(proof, each));
    Map<Prepared, Rebase> failed = new LinkedHashMap<>();
    if (failures.stream().allMatch(Optional::isEmpty)) {
      return failed;
    }
    for (int i = 0; i < possible.size(); i++) {
      String why =
          failures.get(i).orElse("not published, as the runtime breaks the contract elsewhere");
      failed.put(possible.get(i), possible.get(i).rebase().failed(why));
    }
    return failed;
  }

  private static Optional<String> failure(RebaseProof proof, Prepared prepared) {
    try {
      proof.require(prepared);
      return Optional.empty();
    } catch (ChecksFailedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Publishes them, all or, where something forbids it, none. */
  Map<Prepared, Rebase> publish(List<Prepared> possible, boolean proven) {
    Map<Prepared, PlacedRelease> releases = releases(possible);
    Map<ImageReference, List<Release>> wanted = byRepository(releases);
    List<Published> published = publication.publish(wanted);
    Map<PlacedRelease, Published> found = new LinkedHashMap<>();
    int next = 0;
    for (Map.Entry<ImageReference, List<Release>> its : wanted.entrySet()) {
      for (Release release : its.getValue()) {
        found.put(new PlacedRelease(its.getKey(), release), published.get(next++));
      }
    }
    Map<Prepared, Rebase> done = new LinkedHashMap<>();
    releases.forEach(
        (prepared, release) ->
            done.put(
                prepared,
                prepared.rebase().published(Objects.requireNonNull(found.get(release)), proven)));
    return done;
  }

  /** A version, and where it goes. */
  private record PlacedRelease(ImageReference repository, Release release) {}

  private Map<Prepared, PlacedRelease> releases(List<Prepared> possible) {
    Map<Prepared, PlacedRelease> releases = new LinkedHashMap<>();
    for (Prepared each : possible) {
      var before = each.rebase().before().orElseThrow();
      List<String> reasons = each.rebase().reasons().stream().map(Reason::text).toList();
      List<Releases.Named> named =
          each.images().stream()
              .map(image -> new Releases.Named(image, each.subject().naming()))
              .toList();
      Releases.of(List.of(repository), named)
          .forEach(
              (where, its) ->
                  releases.put(
                      each,
                      new PlacedRelease(
                          where,
                          its.get(0)
                              .because(reasons)
                              .inThePlaceOf(
                                  before.name().effectiveTag().orElseThrow(), before.digest()))));
    }
    return releases;
  }

  private static Map<ImageReference, List<Release>> byRepository(
      Map<Prepared, PlacedRelease> releases) {
    Map<ImageReference, List<Release>> byRepository = new LinkedHashMap<>();
    releases
        .values()
        .forEach(
            each ->
                byRepository
                    .computeIfAbsent(each.repository(), where -> new ArrayList<>())
                    .add(each.release()));
    return byRepository;
  }
}

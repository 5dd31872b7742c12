package io.baseimage.cli;

import io.baseimage.cli.RebaseProgress.PlacedRelease;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.publish.Publication;
import io.baseimage.publish.PublicationException;
import io.baseimage.publish.Published;
import io.baseimage.publish.Release;
import io.baseimage.rebuild.Reason;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Proves images with another runtime, and makes them the next versions. */
final class RebasePublishing {
  private final ImageReference repository;
  private final Publication publication;
  private final RebaseProgress progress;

  RebasePublishing(ImageReference repository, Publication publication, RebaseProgress progress) {
    this.repository = repository;
    this.publication = publication;
    this.progress = progress;
  }

  /** What would be done, in lines. */
  List<String> plan() {
    return publication.plan(byRepository(releases(progress.possible())));
  }

  /** Fails if nothing could be published. */
  void checkWriteAccess() {
    publication.checkWriteAccess(byRepository(releases(progress.possible())).keySet());
  }

  /**
   * Runs the contract suite on all of them. The runtime is common to all: where it breaks the
   * contract, none of them gets it.
   *
   * @param proof fails for one that breaks it
   * @param atATime how many at a time, 1 or more
   * @return whether none broke it
   */
  static boolean prove(RebaseProgress progress, Consumer<Prepared> proof, int atATime) {
    List<Boolean> proven =
        AtOnce.each(
            progress.possible(),
            atATime,
            "checking the new images",
            each -> prove(progress, proof, each));
    if (proven.contains(false)) {
      progress
          .possible()
          .forEach(
              each ->
                  progress.failed(
                      each, "not published, as the runtime breaks the contract elsewhere"));
    }
    return !proven.contains(false);
  }

  private static boolean prove(
      RebaseProgress progress, Consumer<Prepared> proof, Prepared prepared) {
    try {
      proof.accept(prepared);
      return true;
    } catch (ChecksFailedException e) {
      progress.failed(prepared, String.valueOf(e.getMessage()));
      return false;
    } catch (InterruptedRunException e) {
      throw e;
    } catch (RuntimeException e) {
      progress.failed(prepared, "not checked: " + e.getMessage());
      throw e;
    }
  }

  /** Publishes them, all or, where something forbids it, none. */
  void publish(boolean proven) {
    Map<Prepared, PlacedRelease> releases = releases(progress.possible());
    Map<ImageReference, List<Release>> wanted = byRepository(releases);
    List<Published> published;
    try {
      published = publication.publish(wanted);
    } catch (PublicationException e) {
      progress.ended(releases, e.changes(), proven);
      throw e;
    }
    Map<PlacedRelease, Published> found = new LinkedHashMap<>();
    int next = 0;
    for (Map.Entry<ImageReference, List<Release>> its : wanted.entrySet()) {
      for (Release release : its.getValue()) {
        found.put(new PlacedRelease(its.getKey(), release), published.get(next++));
      }
    }
    releases.forEach(
        (prepared, release) ->
            progress.published(prepared, Objects.requireNonNull(found.get(release)), proven));
  }

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
                          where, its.get(0).because(reasons).inThePlaceOf(before.place()))));
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

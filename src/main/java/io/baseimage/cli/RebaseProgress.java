package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.publish.Published;
import io.baseimage.publish.Release;
import io.baseimage.publish.TagChange;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.publish.TagChange.State;
import io.baseimage.rebuild.Rebase;
import io.baseimage.rebuild.Rebase.Outcome;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What has become so far of variants whose runtime is being exchanged. */
final class RebaseProgress {
  private final Map<Prepared, Rebase> done = new LinkedHashMap<>();

  RebaseProgress(List<Prepared> prepared) {
    prepared.forEach(each -> done.put(each, each.rebase()));
  }

  /** A version, and where it goes. */
  record PlacedRelease(ImageReference repository, Release release) {}

  /** Those that can be done, and of which nothing has become yet. */
  synchronized List<Prepared> possible() {
    return done.entrySet().stream()
        .filter(each -> each.getValue().outcome() == Outcome.POSSIBLE)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** All of them, in the order in which they were prepared. */
  synchronized List<Rebase> rebases() {
    return List.copyOf(done.values());
  }

  synchronized void failed(Prepared prepared, String why) {
    done.put(prepared, prepared.rebase().failed(why));
  }

  synchronized void published(Prepared prepared, Published now, boolean proven) {
    done.put(prepared, prepared.rebase().published(now, proven));
  }

  /**
   * A publication has ended before its end.
   *
   * @param releases in the order in which their repositories were given them
   * @param changes every tag that was to be set, and what became of it
   */
  void ended(Map<Prepared, PlacedRelease> releases, List<TagChange> changes, boolean proven) {
    Map<ImageReference, List<TagChange>> versions =
        changes.stream()
            .filter(change -> change.kind() == Kind.VERSION)
            .collect(Collectors.groupingBy(TagChange::repository));
    Map<ImageReference, Integer> next = new LinkedHashMap<>();
    releases.forEach(
        (prepared, placed) -> {
          int at = next.merge(placed.repository(), 1, Integer::sum) - 1;
          TagChange change = versions.getOrDefault(placed.repository(), List.of()).get(at);
          if (change.state() == State.SET) {
            published(prepared, now(placed.release(), change, changes), proven);
            leftOut(placed, changes).ifPresent(words -> but(prepared, words));
          } else if (change.state() == State.UNKNOWN) {
            failed(prepared, "perhaps published as " + placed.repository().withTag(change.tag()));
          }
        });
  }

  /** The run has ended: what could be done still is not. */
  synchronized void stopped() {
    possible().forEach(each -> done.put(each, each.rebase().notReached()));
  }

  private synchronized void but(Prepared prepared, String words) {
    done.computeIfPresent(prepared, (each, rebase) -> rebase.but(words));
  }

  private static Published now(Release release, TagChange version, List<TagChange> changes) {
    ImageReference repository = version.repository();
    return new Published(
        repository.withTag(version.tag()),
        release.rule().versionOf(version.tag()).orElseThrow(),
        version.digest().orElseThrow(),
        changes.stream()
            .filter(change -> isAlias(change, repository, release) && change.state() == State.SET)
            .map(change -> repository.withTag(change.tag()))
            .toList());
  }

  private static Optional<String> leftOut(PlacedRelease placed, List<TagChange> changes) {
    String tags =
        changes.stream()
            .filter(change -> isAlias(change, placed.repository(), placed.release()))
            .filter(change -> change.state() != State.SET)
            .map(change -> change.tag() + (change.state() == State.UNKNOWN ? " (perhaps)" : ""))
            .collect(Collectors.joining(", "));
    return tags.isEmpty() ? Optional.empty() : Optional.of("aliases that were not moved: " + tags);
  }

  private static boolean isAlias(TagChange change, ImageReference repository, Release release) {
    return change.kind() == Kind.ALIAS
        && change.repository().equals(repository)
        && release.aliases().contains(change.tag());
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.publish.TagChange.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The tags that a run is to set in one repository, and how far it has come with them. */
final class TagChanges {
  private final ImageReference repository;
  private final List<TagChange> planned = new ArrayList<>();
  private final List<TagChange> changes = new ArrayList<>();
  private int current;

  /** None yet. */
  TagChanges(ImageReference repository) {
    this.repository = repository;
  }

  /** Those of a publication. */
  static TagChanges of(ImageReference repository, List<Release> releases) {
    TagChanges changes = new TagChanges(repository);
    releases.forEach(release -> changes.plan(Kind.VERSION, release.rule().unnumbered()));
    releases.forEach(
        release -> release.aliases().forEach(alias -> changes.plan(Kind.ALIAS, alias)));
    return changes;
  }

  void plan(Kind kind, String tag) {
    TagChange change = new TagChange(repository, kind, tag, Optional.empty(), State.NOT_SET);
    if (!planned.contains(change)) {
      planned.add(change);
      changes.add(change);
    }
  }

  /**
   * From now on the registry may have set one. To be said again where it is set to something else
   * after all, or under another name.
   *
   * @param plan what it was planned as
   */
  void begin(Kind kind, String plan, String tag, Digest digest) {
    current =
        planned.indexOf(new TagChange(repository, kind, plan, Optional.empty(), State.NOT_SET));
    if (current < 0) {
      throw new IllegalArgumentException("not planned: " + kind + " " + plan);
    }
    changes.set(current, new TagChange(repository, kind, tag, Optional.of(digest), State.UNKNOWN));
  }

  /** The one that was begun last is set, and was read back. */
  void done() {
    become(State.SET);
  }

  /** The one that was begun last is not set by this run, as it was found out. */
  void undone(String plan) {
    changes.set(
        current,
        new TagChange(
            repository, changes.get(current).kind(), plan, Optional.empty(), State.NOT_SET));
  }

  /**
   * Asks whether what was begun last was done after all; a failure leaves that unknown.
   *
   * @param end what the run ended by
   */
  void settle(Supplier<Registry> registry, RuntimeException end) {
    if (changes.stream().noneMatch(change -> change.state() == State.UNKNOWN)) {
      return;
    }
    TagChange change = changes.get(current);
    try {
      boolean there = registry.get().digest(change.tag()).equals(change.digest());
      // The registry took it: what it shows instead may be an old answer.
      boolean taken =
          end instanceof RegistryException its && its.kind() == RegistryException.Kind.UNSEEN;
      become(there ? State.SET : taken ? State.UNKNOWN : State.NOT_SET);
    } catch (RegistryException | InterruptedRunException e) {
      // What the run failed of says more.
      become(State.UNKNOWN);
    }
  }

  List<TagChange> list() {
    return List.copyOf(changes);
  }

  private void become(State state) {
    TagChange change = changes.get(current);
    changes.set(
        current, new TagChange(repository, change.kind(), change.tag(), change.digest(), state));
  }
}

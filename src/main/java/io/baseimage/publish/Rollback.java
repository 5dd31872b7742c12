package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.RollbackPlan.Move;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Moves a variant's aliases back to an earlier version. The versions that are newer are withdrawn:
 * a tag beside each says so, and no alias is given to it again.
 */
public final class Rollback {
  private static final String TYPE = "application/vnd.io.baseimage.withdrawn";

  private final Registry registry;
  private final PublisherQueue queue;
  private final Clock clock;
  private final RunLog log;

  /** Of one repository, for this user on this machine. */
  public Rollback(Registry registry, Workspace workspace, Clock clock, RunLog log) {
    this(
        registry,
        PublisherQueue.of(registry, workspace, LastClaim.none(), UUID.randomUUID().toString(), log),
        clock,
        log);
  }

  Rollback(Registry registry, PublisherQueue queue, Clock clock, RunLog log) {
    this.registry = registry;
    this.queue = queue;
    this.clock = clock;
    this.log = log;
  }

  /**
   * What was done.
   *
   * @param to the version that the aliases name now
   * @param withdrawn the versions that they will not name again
   * @param aliases the tags that were moved
   */
  public record Outcome(
      ImageVersion to, List<ImageVersion> withdrawn, List<ImageReference> aliases) {}

  /** What {@link #to} would do as the repository is now; nothing is written. */
  public RollbackPlan plan(TagRule rule, Optional<ImageVersion> wanted, List<String> aliases) {
    return new VersionsAndAliases(registry, rule, aliases, log).plan(wanted);
  }

  /**
   * Moves every tag that follows one of the versions which are withdrawn by this rollback or were
   * by an earlier one.
   *
   * @param wanted the version that they are to name; if it is empty, what an earlier rollback that
   *     was not completed went back to, or else the newest one before the one that the first alias
   *     names, and that is not withdrawn
   * @param aliases the variant's, the first of which says what is current
   * @throws PublicationException if it ends when tags were to be set
   */
  public Outcome to(TagRule rule, Optional<ImageVersion> wanted, List<String> aliases) {
    TagChanges changes = new TagChanges(registry.repository());
    try {
      return to(rule, wanted, aliases, changes);
    } catch (RuntimeException e) {
      if (changes.list().isEmpty()) {
        throw e;
      }
      if (!(e instanceof InterruptedRunException)) {
        changes.settle(() -> registry, e);
      }
      throw new PublicationException(e, changes.list());
    }
  }

  private Outcome to(
      TagRule rule, Optional<ImageVersion> wanted, List<String> aliases, TagChanges changes) {
    try (PublisherTurn turn = queue.take()) {
      NavigableSet<ImageVersion> withdrawn = new TreeSet<>();
      List<ImageReference> moved = new ArrayList<>();
      Optional<ImageVersion> target = wanted;
      while (true) {
        try {
          RollbackPlan plan = plan(rule, target, aliases);
          // Chosen once: an alias that was moved already is not moved further.
          target = Optional.of(plan.to());
          for (ImageVersion version : plan.withdrawn()) {
            changes.plan(Kind.WITHDRAWAL, VersionsAndAliases.withdrawal(rule, version));
          }
          plan.moves().forEach(move -> changes.plan(Kind.ALIAS, tag(move)));
          withdraw(rule, plan, turn, changes, withdrawn);
          move(rule, plan, turn, changes, moved);
          return new Outcome(plan.to(), List.copyOf(withdrawn), List.copyOf(moved));
        } catch (TurnLostException e) {
          queue.takeAgain(turn, e, () -> {});
        }
      }
    }
  }

  /** The newest first: where this ends early, an alias is on one that says what is to be done. */
  private void withdraw(
      TagRule rule,
      RollbackPlan plan,
      PublisherTurn turn,
      TagChanges changes,
      Collection<ImageVersion> done) {
    for (ImageVersion version : new TreeSet<>(plan.withdrawn()).descendingSet()) {
      Manifest note =
          turn.form()
              .manifest(
                  TYPE,
                  new TreeMap<>(
                      Map.of(
                          "io.baseimage.withdrawn",
                          version.toString(),
                          VersionsAndAliases.WITHDRAWN_FOR,
                          plan.to().toString(),
                          "org.opencontainers.image.created",
                          clock.instant().toString())));
      String tag = VersionsAndAliases.withdrawal(rule, version);
      changes.begin(Kind.WITHDRAWAL, tag, tag, note.digest());
      registry.put(tag, note, turn::keep);
      changes.done();
      done.add(version);
    }
  }

  private void move(
      TagRule rule,
      RollbackPlan plan,
      PublisherTurn turn,
      TagChanges changes,
      Collection<ImageReference> moved) {
    if (plan.moves().isEmpty()) {
      return;
    }
    String target = rule.tag(plan.to());
    Manifest manifest =
        registry
            .manifest(target)
            .orElseThrow(
                () -> VersionsAndAliases.refused(registry, target + " is not there any more"));
    for (Move move : plan.moves()) {
      String alias = tag(move);
      changes.begin(Kind.ALIAS, alias, alias, manifest.digest());
      registry.put(alias, manifest, turn::keep);
      changes.done();
      log.info("Moved " + move.alias() + " back from " + move.from() + " to " + plan.to());
      moved.add(move.alias());
    }
  }

  private static String tag(Move move) {
    return Objects.requireNonNull(move.alias().tag());
  }
}

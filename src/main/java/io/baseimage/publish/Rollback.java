package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
  private final Map<String, Optional<Digest>> digests = new HashMap<>();

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

  /**
   * Moves them.
   *
   * @param wanted the version that they are to name; the newest one before the one that the
   *     variant's alias names, and that is not withdrawn, if it is empty
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
          List<String> tags = registry.tags();
          NavigableSet<ImageVersion> versions = versions(rule, tags);
          ImageVersion current = current(rule, versions, aliases.get(0));
          // Chosen once: an alias that was moved already is not moved further.
          ImageVersion to = target(rule, target, versions, current, tags);
          target = Optional.of(to);
          withdraw(rule, to, versions, tags, aliases, turn, changes, withdrawn);
          move(rule, to, versions, aliases, turn, changes, moved);
          return new Outcome(to, List.copyOf(withdrawn), List.copyOf(moved));
        } catch (TurnLostException e) {
          digests.clear();
          queue.takeAgain(turn, e, () -> {});
        }
      }
    }
  }

  private void withdraw(
      TagRule rule,
      ImageVersion target,
      NavigableSet<ImageVersion> versions,
      List<String> tags,
      List<String> aliases,
      PublisherTurn turn,
      TagChanges changes,
      Collection<ImageVersion> done) {
    List<ImageVersion> withdrawn = new ArrayList<>(versions.tailSet(target, false));
    withdrawn.removeIf(version -> isWithdrawn(rule, version, tags));
    withdrawn.forEach(version -> changes.plan(Kind.WITHDRAWAL, withdrawal(rule, version)));
    aliases.forEach(alias -> changes.plan(Kind.ALIAS, alias));
    for (ImageVersion version : withdrawn) {
      Manifest note =
          turn.form()
              .manifest(
                  TYPE,
                  new TreeMap<>(
                      Map.of(
                          "io.baseimage.withdrawn", version.toString(),
                          "io.baseimage.withdrawn.for", target.toString(),
                          "org.opencontainers.image.created", clock.instant().toString())));
      String tag = withdrawal(rule, version);
      changes.begin(Kind.WITHDRAWAL, tag, tag, note.digest());
      registry.put(tag, note, turn::keep);
      changes.done();
      done.add(version);
    }
  }

  private void move(
      TagRule rule,
      ImageVersion target,
      NavigableSet<ImageVersion> versions,
      List<String> aliases,
      PublisherTurn turn,
      TagChanges changes,
      Collection<ImageReference> moved) {
    Manifest manifest =
        registry
            .manifest(rule.tag(target))
            .orElseThrow(() -> refused(rule.tag(target) + " is not there any more"));
    for (String alias : aliases) {
      Optional<Digest> now = registry.digest(alias);
      // Another variant may be the default one: an alias is moved only off this variant's versions.
      if (now.isPresent()
          && !now.get().equals(manifest.digest())
          && named(rule, versions, now.get()).isPresent()) {
        changes.begin(Kind.ALIAS, alias, alias, manifest.digest());
        registry.put(alias, manifest, turn::keep);
        changes.done();
        log.info("Moved " + registry.repository().withTag(alias) + " back to " + target);
        moved.add(registry.repository().withTag(alias));
      }
    }
  }

  private NavigableSet<ImageVersion> versions(TagRule rule, List<String> tags) {
    NavigableSet<ImageVersion> versions = new TreeSet<>();
    for (String tag : tags) {
      rule.versionOf(tag)
          .filter(version -> rule.tag(version).equals(tag))
          .filter(version -> OwnVersions.isOwn(registry, rule, tag))
          .ifPresent(versions::add);
    }
    if (versions.isEmpty()) {
      throw refused("there is no version of " + rule.variant());
    }
    return versions;
  }

  private ImageVersion current(TagRule rule, NavigableSet<ImageVersion> versions, String alias) {
    Digest now = registry.digest(alias).orElseThrow(() -> refused("there is no alias " + alias));
    return named(rule, versions, now)
        .orElseThrow(
            () -> refused("the alias " + alias + " names no version of " + rule.variant()));
  }

  /** The newest version of that digest; where an alias is, it is most often the newest of all. */
  private Optional<ImageVersion> named(
      TagRule rule, NavigableSet<ImageVersion> versions, Digest digest) {
    return versions.descendingSet().stream()
        .filter(
            version ->
                digests
                    .computeIfAbsent(rule.tag(version), registry::digest)
                    .filter(digest::equals)
                    .isPresent())
        .findFirst();
  }

  private ImageVersion target(
      TagRule rule,
      Optional<ImageVersion> wanted,
      NavigableSet<ImageVersion> versions,
      ImageVersion current,
      List<String> tags) {
    if (wanted.isPresent()) {
      ImageVersion version = wanted.get();
      if (!versions.contains(version)) {
        throw refused("there is no " + rule.tag(version));
      }
      if (isWithdrawn(rule, version, tags)) {
        throw refused(rule.tag(version) + " was withdrawn itself");
      }
      if (version.compareTo(current) > 0) {
        throw refused(version + " is newer than " + current + ", which the alias names");
      }
      return version;
    }
    // Whoever died between the two steps has withdrawn the current one already.
    return versions.headSet(current, false).stream()
        .filter(version -> !isWithdrawn(rule, version, tags))
        .max(Comparator.naturalOrder())
        .orElseThrow(() -> refused("there is no version before " + current + " to go back to"));
  }

  private static boolean isWithdrawn(TagRule rule, ImageVersion version, List<String> tags) {
    return tags.contains(withdrawal(rule, version));
  }

  private static String withdrawal(TagRule rule, ImageVersion version) {
    return rule.tag(version) + RepositoryTags.WITHDRAWN;
  }

  private RegistryException refused(String seen) {
    return new RegistryException(
        RegistryException.Kind.REFUSED,
        "Tried to move aliases of "
            + registry.repository()
            + " back, but "
            + seen
            + ". 'baseimage-build tags "
            + registry.repository()
            + "' shows what there is.");
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.RollbackPlan.Move;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A variant's versions in a repository, and the tags there that may follow them, whoever has set
 * those: as it is when a rollback looks.
 */
final class VersionsAndAliases {
  /** What a withdrawn version's note says that the aliases went back to. */
  static final String WITHDRAWN_FOR = "io.baseimage.withdrawn.for";

  private final Registry registry;
  private final TagRule rule;
  private final List<String> aliases;
  private final RunLog log;
  private final NavigableSet<ImageVersion> versions = new TreeSet<>();
  private final NavigableSet<ImageVersion> withdrawn = new TreeSet<>();
  private final NavigableSet<ImageVersion> standing = new TreeSet<>();
  private final Set<String> followers;
  private final Map<String, Optional<Digest>> digests = new HashMap<>();

  /**
   * Looks.
   *
   * @param aliases the variant's, the first of which says what is current
   */
  VersionsAndAliases(Registry registry, TagRule rule, List<String> aliases, RunLog log) {
    this.registry = registry;
    this.rule = rule;
    this.aliases = aliases;
    this.log = log;
    List<String> tags = registry.tags();
    Set<String> there = Set.copyOf(tags);
    for (ImageVersion version : own(tags)) {
      versions.add(version);
      (there.contains(withdrawal(rule, version)) ? withdrawn : standing).add(version);
    }
    if (versions.isEmpty()) {
      throw refused("there is no version of " + rule.variant());
    }
    followers = new LinkedHashSet<>(aliases);
    tags.stream().filter(this::mayFollow).sorted().forEach(followers::add);
    List<String> asked = new ArrayList<>(followers);
    withdrawn.forEach(version -> asked.add(rule.tag(version)));
    // What is current most often, and what it goes back to.
    standing.descendingSet().stream().limit(2).forEach(version -> asked.add(rule.tag(version)));
    ask(asked);
  }

  /** The tag that says that a version is withdrawn. */
  static String withdrawal(TagRule rule, ImageVersion version) {
    return rule.tag(version) + RepositoryTags.WITHDRAWN;
  }

  private List<ImageVersion> own(List<String> tags) {
    List<String> candidates =
        tags.stream()
            .filter(tag -> rule.versionOf(tag).map(rule::tag).filter(tag::equals).isPresent())
            .toList();
    List<Boolean> answers =
        rule.namesVariant()
            ? candidates.stream().map(tag -> true).toList()
            : Questions.ask(candidates, tag -> OwnVersions.isOwn(registry, rule, tag), doing());
    List<ImageVersion> own = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (answers.get(i)) {
        rule.versionOf(candidates.get(i)).ifPresent(own::add);
      }
    }
    return own;
  }

  /** No version ever moves, of whatever variant and pattern it is. */
  private boolean mayFollow(String tag) {
    return rule.versionOf(tag).isEmpty()
        && !RepositoryTags.isLikeVersion(tag)
        && !tag.endsWith(RepositoryTags.WITHDRAWN)
        && !tag.startsWith(Claim.TAG_PREFIX)
        && !Referrers.isTag(tag);
  }

  private void ask(Collection<String> tags) {
    List<String> unknown =
        tags.stream().filter(tag -> !digests.containsKey(tag)).distinct().toList();
    List<Optional<Digest>> answers = Questions.ask(unknown, registry::digest, doing());
    for (int i = 0; i < unknown.size(); i++) {
      digests.put(unknown.get(i), answers.get(i));
    }
  }

  private Optional<Digest> digest(String tag) {
    ask(List.of(tag));
    return Objects.requireNonNull(digests.get(tag));
  }

  private String doing() {
    return "reading the tags of " + registry.repository();
  }

  /**
   * What a rollback would change.
   *
   * @param wanted the version to go back to; if it is empty, what an earlier rollback that was not
   *     completed went back to, or else the newest one before the current
   */
  RollbackPlan plan(Optional<ImageVersion> wanted) {
    ImageVersion to = target(wanted);
    NavigableSet<ImageVersion> newer = new TreeSet<>(standing.tailSet(to, false));
    NavigableSet<ImageVersion> all = new TreeSet<>(newer);
    all.addAll(withdrawn);
    Map<String, ImageVersion> left = followersOf(all);
    left.keySet().removeIf(tag -> digest(tag).equals(digest(rule.tag(to))));
    List<Move> moves = new ArrayList<>();
    left.forEach((tag, from) -> moves.add(new Move(registry.repository().withTag(tag), from)));
    return new RollbackPlan(to, List.copyOf(newer), moves);
  }

  /** The tags that name one of these, each with the newest that it names. */
  private Map<String, ImageVersion> followersOf(NavigableSet<ImageVersion> wanted) {
    ask(wanted.stream().map(rule::tag).toList());
    Map<Digest, ImageVersion> named = new HashMap<>();
    wanted.forEach(
        version -> digest(rule.tag(version)).ifPresent(digest -> named.put(digest, version)));
    Map<String, ImageVersion> found = new LinkedHashMap<>();
    for (String tag : followers) {
      digest(tag)
          .map(named::get)
          .filter(version -> !tag.contains(version.toString()))
          .ifPresent(version -> found.put(tag, version));
    }
    return found;
  }

  private ImageVersion target(Optional<ImageVersion> wanted) {
    ImageVersion current = current();
    if (wanted.isPresent()) {
      return allowed(wanted.get(), current);
    }
    // Whoever died between the two steps has withdrawn versions, and left aliases on them.
    Optional<ImageVersion> left =
        new TreeSet<>(followersOf(withdrawn).values())
            .descendingSet().stream()
                .filter(version -> version.compareTo(current) >= 0)
                .findFirst();
    if (left.isEmpty()) {
      return before(current);
    }
    ImageVersion to = wentTo(left.get()).orElseGet(() -> before(left.get()));
    log.info("Completing the rollback to " + to + ", which has left aliases on " + left.get());
    return to;
  }

  private ImageVersion allowed(ImageVersion wanted, ImageVersion current) {
    if (!versions.contains(wanted)) {
      throw refused("there is no " + rule.tag(wanted));
    }
    if (withdrawn.contains(wanted)) {
      throw refused(rule.tag(wanted) + " was withdrawn itself");
    }
    if (wanted.compareTo(current) > 0) {
      throw refused(wanted + " is newer than " + current + ", which the alias names");
    }
    return wanted;
  }

  private ImageVersion before(ImageVersion version) {
    return Optional.ofNullable(standing.lower(version))
        .orElseThrow(() -> refused("there is no version before " + version + " to go back to"));
  }

  /** Where the rollback went that withdrew a version, and those that came after it. */
  private Optional<ImageVersion> wentTo(ImageVersion version) {
    Optional<ImageVersion> to = noted(version);
    while (to.isPresent() && withdrawn.contains(to.get())) {
      to = noted(to.get());
    }
    return to.filter(standing::contains);
  }

  private Optional<ImageVersion> noted(ImageVersion version) {
    try {
      return registry
          .manifest(withdrawal(rule, version))
          .map(VersionsAndAliases::target)
          .map(ImageVersion::parse)
          .filter(its -> its.compareTo(version) < 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String target(Manifest note) {
    return Manifests.read(note).path("annotations").path(WITHDRAWN_FOR).asText("");
  }

  private ImageVersion current() {
    String alias = aliases.get(0);
    Digest now = digest(alias).orElseThrow(() -> refused("there is no alias " + alias));
    // Where an alias is, it is most often the newest of all.
    return versions.descendingSet().stream()
        .filter(version -> digest(rule.tag(version)).filter(now::equals).isPresent())
        .findFirst()
        .orElseThrow(
            () -> refused("the alias " + alias + " names no version of " + rule.variant()));
  }

  private RegistryException refused(String seen) {
    return refused(registry, seen);
  }

  static RegistryException refused(Registry registry, String seen) {
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

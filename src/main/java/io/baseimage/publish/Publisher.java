package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.version.ImageVersion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives images their versions in one repository. A version's tag is set once, when everything that
 * it names is there, and is never moved; aliases are set when every version of the run has been
 * read back.
 */
final class Publisher {
  private static final int MOST_NUMBERS = 20;

  private final Registry registry;
  private final PublisherQueue queue;
  private final Clock clock;
  private final RunLog log;

  Publisher(Registry registry, PublisherQueue queue, Clock clock, RunLog log) {
    this.registry = registry;
    this.queue = queue;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Waits for this publisher's turn.
   *
   * @param releases each of another variant; their blobs have to be in the registry
   * @param stored what each image became
   * @param sboms in the registry, too; each is attached before its version's tag is given
   * @param changes the releases' tags, which are told how far it came
   * @param waiting run again and again until the turn comes
   */
  Part begin(
      List<Release> releases,
      Map<EngineImage, StoredImage> stored,
      Sboms sboms,
      TagChanges changes,
      Runnable waiting) {
    return new Part(
        releases,
        new VersionManifests(registry, stored, sboms, clock),
        changes,
        queue.take(waiting));
  }

  /**
   * Publishes in several repositories: no alias moves before every version is there.
   *
   * @throws RegistryException of kind {@link RegistryException.Kind#REFUSED} if every version is
   *     there at the end, but aliases had to stay where they are
   */
  static Map<ImageReference, List<Published>> publish(List<Part> parts) {
    Runnable keep = () -> parts.forEach(Part::keep);
    while (true) {
      try {
        parts.forEach(Part::look);
        parts.forEach(part -> part.giveVersions(parts, keep));
        Map<ImageReference, List<Published>> published = new LinkedHashMap<>();
        List<String> left = new ArrayList<>();
        parts.forEach(part -> published.put(part.repository(), part.moveAliases(left, keep)));
        if (!left.isEmpty()) {
          throw new RegistryException(RegistryException.Kind.REFUSED, String.join("\n", left));
        }
        return published;
      } catch (TurnLostException e) {
        queueAgain(parts, e);
      }
    }
  }

  /** All of them, in the same order as at first: which one was lost does not matter. */
  private static void queueAgain(List<Part> parts, TurnLostException loss) {
    for (int i = 0; i < parts.size(); i++) {
      List<Part> before = parts.subList(0, i);
      Part part = parts.get(i);
      part.takeAgain(loss, () -> before.forEach(Part::keep));
    }
  }

  /** What is to be done in the one repository while it is this publisher's turn there. */
  final class Part implements AutoCloseable {
    private final List<Release> releases;
    private final VersionManifests manifests;
    private final TagChanges changes;
    private final PublisherTurn turn;
    private final TagWriter writer;
    private final List<String> tags = new ArrayList<>();
    private final Map<Release, Given> begun = new LinkedHashMap<>();
    private final Map<Release, Given> given = new LinkedHashMap<>();
    private List<String> there = List.of();

    private Part(
        List<Release> releases,
        VersionManifests manifests,
        TagChanges changes,
        PublisherTurn turn) {
      this.releases = releases;
      this.manifests = manifests;
      this.changes = changes;
      this.turn = turn;
      this.writer = new TagWriter(registry, turn, changes, log);
    }

    private record Given(ImageVersion version, Manifest manifest) {}

    /** Tells those who wait that this publisher still lives. */
    void keep() {
      turn.keep();
    }

    private ImageReference repository() {
      return registry.repository();
    }

    private void takeAgain(TurnLostException loss, Runnable waiting) {
      queue.takeAgain(turn, loss, waiting);
    }

    /** Sees what is there, now that nobody else changes it. */
    private void look() {
      there = registry.tags();
      Objections objections = new Objections(registry);
      Set<String> named = new TreeSet<>();
      releases.forEach(
          release ->
              named.addAll(
                  objections.require(
                      release.rule(), release.aliases(), release.platforms(), there)));
      releases.stream()
          .filter(release -> !given.containsKey(release))
          .forEach(release -> release.requirePlace(registry, there));
      tags.clear();
      tags.addAll(there);
      tags.addAll(turn.avoided());
      tags.addAll(named);
      releases.stream()
          .filter(release -> !given.containsKey(release) && !release.aliases().isEmpty())
          .forEach(
              release -> GivenVersions.requireNewest(registry, release.rule(), there, tags, clock));
      given.forEach((release, its) -> tags.add(release.rule().tag(its.version())));
    }

    private void giveVersions(List<Part> all, Runnable keep) {
      for (Release release : releases) {
        if (!given.containsKey(release)) {
          given.put(release, versionOf(release, all, keep));
        }
      }
    }

    private Given versionOf(Release release, List<Part> all, Runnable keep) {
      Given its = begun.get(release);
      if (its != null && isThere(release, its)) {
        return its;
      }
      for (int tries = 1; tries <= MOST_NUMBERS; tries++) {
        ImageVersion version = free(release, all, keep);
        its = new Given(version, manifests.of(release, version, keep));
        begun.put(release, its);
        String tag = release.rule().tag(version);
        if (writer.give(release.rule().unnumbered(), tag, its.manifest(), keep)) {
          return its;
        }
        tags.add(tag);
      }
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to publish "
              + release.rule().variant()
              + " to "
              + repository()
              + ", but "
              + MOST_NUMBERS
              + " numbers were taken, each after it was chosen. Is somebody else writing there?");
    }

    /** Whether what was asked for in a turn that was lost has come all the same. */
    private boolean isThere(Release release, Given its) {
      String tag = release.rule().tag(its.version());
      if (registry.digest(tag).filter(its.manifest().digest()::equals).isEmpty()) {
        return false;
      }
      changes.begin(Kind.VERSION, release.rule().unnumbered(), tag, its.manifest().digest());
      changes.done();
      turn.settled(tag);
      return true;
    }

    /** The next version whose tag nobody has: a registry's list of tags may be an old one. */
    private ImageVersion free(Release release, List<Part> all, Runnable keep) {
      while (true) {
        ImageVersion version = next(release, all);
        String tag = release.rule().tag(version);
        if (registry.digest(tag).isEmpty()) {
          return version;
        }
        log.warn(name(tag) + " is there, but not in the registry's list of tags; it stays");
        tags.add(tag);
        keep.run();
      }
    }

    /** The same in all repositories of the run: whoever names a version means one image. */
    private ImageVersion next(Release release, List<Part> all) {
      List<String> everywhere = new ArrayList<>(tags);
      for (Part other : all) {
        Given there = other.given.get(release);
        if (there != null && release.rule().next(tags, clock).compareTo(there.version()) <= 0) {
          return there.version();
        }
        if (other.releases.contains(release)) {
          everywhere.addAll(other.tags);
        }
      }
      return release.rule().next(everywhere, clock);
    }

    private List<Published> moveAliases(List<String> left, Runnable keep) {
      List<String> present = new ArrayList<>(there);
      given.forEach((release, its) -> present.add(release.rule().tag(its.version())));
      List<Published> published = new ArrayList<>();
      given.forEach(
          (release, its) ->
              published.add(
                  aliases(release, its.version(), its.manifest(), present, left, writer, keep)));
      return published;
    }

    /** Ends the turn. */
    @Override
    public void close() {
      turn.close();
    }
  }

  private Published aliases(
      Release release,
      ImageVersion version,
      Manifest manifest,
      List<String> tags,
      List<String> left,
      TagWriter writer,
      Runnable keep) {
    List<ImageReference> moved = new ArrayList<>();
    Optional<ImageVersion> newest = release.rule().newest(RepositoryTags.standing(tags));
    String tag = release.rule().tag(version);
    if (release.aliases().isEmpty()) {
      return new Published(name(tag), version, manifest.digest(), moved);
    }
    if (tags.contains(tag + RepositoryTags.WITHDRAWN)) {
      left.add(stay(tag, "it was withdrawn meanwhile"));
    } else if (newest.isPresent() && newest.get().compareTo(version) > 0) {
      left.add(stay(tag, newest.get() + ", which was published meanwhile, is newer"));
    } else {
      for (String alias : release.aliases()) {
        writer.move(alias, manifest, keep);
        moved.add(name(alias));
      }
    }
    return new Published(name(tag), version, manifest.digest(), moved);
  }

  private String stay(String tag, String seen) {
    return "Tried to move aliases to "
        + name(tag)
        + ", but "
        + seen
        + ": they stay where they are.";
  }

  private ImageReference name(String tag) {
    return registry.repository().withTag(tag);
  }
}

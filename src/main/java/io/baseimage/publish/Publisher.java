package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
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
import java.util.TreeMap;

/**
 * Gives images their versions in one repository. A version's tag is set once, when everything that
 * it names is there, and is never moved; aliases are set when every version of the run has been
 * read back.
 */
final class Publisher {
  private static final int LARGEST_CONFIG = 4 * 1024 * 1024;

  static final String VERSION = "org.opencontainers.image.version";

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
    return new Part(releases, stored, sboms, changes, queue.take(waiting));
  }

  /** Publishes in several repositories: no alias moves before every version is there. */
  static Map<ImageReference, List<Published>> publish(List<Part> parts) {
    Runnable keep = () -> parts.forEach(Part::keep);
    parts.forEach(Part::requireFree);
    parts.forEach(part -> part.giveVersions(keep));
    Map<ImageReference, List<Published>> published = new LinkedHashMap<>();
    parts.forEach(part -> published.put(part.repository(), part.moveAliases(keep)));
    return published;
  }

  /** What is to be done in the one repository while it is this publisher's turn there. */
  final class Part implements AutoCloseable {
    private final List<Release> releases;
    private final Map<EngineImage, StoredImage> stored;
    private final Sboms sboms;
    private final TagChanges changes;
    private final PublisherQueue.Turn turn;
    private final List<String> tags = new ArrayList<>();
    private final Map<Release, Given> given = new LinkedHashMap<>();

    private Part(
        List<Release> releases,
        Map<EngineImage, StoredImage> stored,
        Sboms sboms,
        TagChanges changes,
        PublisherQueue.Turn turn) {
      this.releases = releases;
      this.stored = stored;
      this.sboms = sboms;
      this.changes = changes;
      this.turn = turn;
    }

    private record Given(ImageVersion version, Manifest manifest) {}

    /** Tells those who wait that this publisher still lives. */
    void keep() {
      turn.keep();
    }

    private ImageReference repository() {
      return registry.repository();
    }

    private void requireFree() {
      releases.forEach(Publisher.this::requireNoPlatformLost);
      tags.addAll(registry.tags());
      releases.forEach(release -> OwnVersions.require(registry, release.rule(), tags));
    }

    private void giveVersions(Runnable keep) {
      for (Release release : releases) {
        ImageVersion version = free(release, keep);
        String tag = release.rule().tag(version);
        Manifest manifest = manifest(release, version, stored, sboms, keep);
        give(release.rule().unnumbered(), tag, manifest, keep, changes);
        tags.add(tag);
        given.put(release, new Given(version, manifest));
      }
    }

    /** The next version whose tag nobody has: a registry's list of tags may be an old one. */
    private ImageVersion free(Release release, Runnable keep) {
      while (true) {
        ImageVersion version = release.rule().next(tags, clock);
        String tag = release.rule().tag(version);
        if (registry.digest(tag).isEmpty()) {
          return version;
        }
        log.warn(name(tag) + " is there, but not in the registry's list of tags; it stays");
        tags.add(tag);
        keep.run();
      }
    }

    private List<Published> moveAliases(Runnable keep) {
      List<Published> published = new ArrayList<>();
      given.forEach(
          (release, its) ->
              published.add(aliases(release, its.version(), its.manifest(), tags, keep, changes)));
      return published;
    }

    /** Ends the turn. */
    @Override
    public void close() {
      turn.close();
    }
  }

  private Manifest manifest(
      Release release,
      ImageVersion version,
      Map<EngineImage, StoredImage> stored,
      Sboms sboms,
      Runnable keep) {
    Map<String, String> annotations = new TreeMap<>(release.annotations());
    annotations.put(VERSION, version.toString());
    List<Manifest> manifests = new ArrayList<>();
    List<Platform> platforms = new ArrayList<>();
    for (EngineImage image : release.images()) {
      StoredImage each = stored.get(image);
      if (each == null) {
        throw new IllegalArgumentException("not stored: " + image.id());
      }
      Manifest manifest = Manifests.image(each, annotations);
      sboms.attach(registry, image, manifest, annotations, keep);
      manifests.add(manifest);
      platforms.add(each.platform());
    }
    if (manifests.size() == 1) {
      return manifests.get(0);
    }
    for (Manifest manifest : manifests) {
      registry.put(manifest.digest().toString(), manifest, keep);
    }
    return Manifests.index(manifests, platforms, annotations);
  }

  private void give(
      String planned, String tag, Manifest manifest, Runnable keep, TagChanges changes) {
    Optional<Digest> taken = registry.digest(tag);
    if (taken.isPresent()) {
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to publish "
              + name(tag)
              + ", but that tag appeared after its number was chosen, as "
              + taken.get()
              + ". Run it again.");
    }
    changes.begin(Kind.VERSION, planned, tag, manifest.digest());
    registry.put(tag, manifest, keep);
    requireThere(tag, manifest.digest());
    changes.done();
    log.info("Published " + name(tag) + ", " + manifest.digest());
  }

  private Published aliases(
      Release release,
      ImageVersion version,
      Manifest manifest,
      List<String> tags,
      Runnable keep,
      TagChanges changes) {
    List<ImageReference> moved = new ArrayList<>();
    Optional<ImageVersion> newest = release.rule().newest(tags);
    if (newest.isPresent() && newest.get().compareTo(version) > 0) {
      log.warn(
          "The aliases stay where they are: "
              + newest.get()
              + " is newer than "
              + version
              + ". Is this machine's clock right?");
    } else {
      for (String alias : release.aliases()) {
        changes.begin(Kind.ALIAS, alias, alias, manifest.digest());
        registry.put(alias, manifest, keep);
        requireThere(alias, manifest.digest());
        changes.done();
        moved.add(name(alias));
      }
    }
    return new Published(name(release.rule().tag(version)), version, manifest.digest(), moved);
  }

  /** Whoever follows an alias on another platform is not to be left without an image. */
  private void requireNoPlatformLost(Release release) {
    for (String alias : release.aliases()) {
      Optional<Manifest> named = registry.manifest(alias);
      named.ifPresent(manifest -> requireNoVersion(alias, manifest));
      List<Platform> lost = new ArrayList<>(named.map(this::platforms).orElse(List.of()));
      release.images().forEach(image -> lost.remove(image.platform()));
      if (!lost.isEmpty()) {
        throw new RegistryException(
            RegistryException.Kind.REFUSED,
            "Tried to publish "
                + name(alias)
                + " for "
                + String.join(
                    ", ",
                    release.images().stream().map(each -> each.platform().toString()).toList())
                + ", but what it names now is for "
                + String.join(", ", lost.stream().map(Platform::toString).toList())
                + ", too. Build and publish for all of them together.");
      }
    }
  }

  /** The tag of a version, of whatever pattern, never moves. */
  private void requireNoVersion(String alias, Manifest manifest) {
    String version = Manifests.read(manifest).path("annotations").path(VERSION).asText();
    if (!version.isEmpty() && alias.contains(version)) {
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to move the alias "
              + name(alias)
              + ", but it is the tag of version "
              + version
              + ", which never moves. Choose another alias. Nothing was published.");
    }
  }

  private List<Platform> platforms(Manifest manifest) {
    return Manifests.config(manifest)
        .map(config -> List.of(Manifests.platform(registry.blob(config, LARGEST_CONFIG))))
        .orElseGet(() -> Manifests.platforms(manifest));
  }

  private void requireThere(String tag, Digest digest) {
    Optional<Digest> there = registry.digest(tag);
    if (there.filter(digest::equals).isEmpty()) {
      throw new RegistryException(
          RegistryException.Kind.WRONG_CONTENT,
          "Tried to read back "
              + name(tag)
              + ", which was just set to "
              + digest
              + ", but it is "
              + there.map(Digest::toString).orElse("not there"));
    }
  }

  private ImageReference name(String tag) {
    return registry.repository().withTag(tag);
  }
}

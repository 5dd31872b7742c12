package io.baseimage.publish;

import io.baseimage.archive.KnownParts;
import io.baseimage.archive.KnownPlaces;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.PackageInventory;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.pipeline.Workspace;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Publishes images to repositories: their blobs first, then their tags. */
public final class Publication {
  private final ImageSource source;
  private final SbomFormat format;
  private final Registries registries;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;
  private final String session = UUID.randomUUID().toString();

  /**
   * Of an engine's images.
   *
   * @param format of the SBOMs that are attached to them
   */
  public Publication(
      Engine engine,
      PackageInventory inventory,
      SbomFormat format,
      Registries registries,
      Workspace workspace,
      Clock clock,
      RunLog log) {
    this(
        new EngineSource(engine, inventory, format, workspace),
        format,
        registries,
        workspace,
        clock,
        log);
  }

  /** Of published images with another runtime. */
  public Publication(
      ExchangedRuntimes images,
      SbomFormat format,
      Registries registries,
      Workspace workspace,
      Clock clock,
      RunLog log) {
    this((ImageSource) images, format, registries, workspace, clock, log);
  }

  private Publication(
      ImageSource source,
      SbomFormat format,
      Registries registries,
      Workspace workspace,
      Clock clock,
      RunLog log) {
    this.source = source;
    this.format = format;
    this.registries = registries;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  /** Fails unless each repository takes uploads; whether it takes tags is seen at once then. */
  public void checkUploads(Collection<ImageReference> repositories) {
    repositories.forEach(name -> registries.open(name).checkWriteAccess());
  }

  /**
   * Fails unless each repository can be written to, and lets tags be set and set again as
   * publishers do with theirs.
   */
  public void checkWriteAccess(Collection<ImageReference> repositories) {
    for (ImageReference name : repositories) {
      Registry registry = registries.open(name);
      registry.checkWriteAccess();
      new OwnClaim(registry, session, Ticker.SYSTEM, Set.of()).tryOut();
    }
  }

  /**
   * Publishes them.
   *
   * @param releases for each repository, each of another variant
   * @return what is there now, in the same order
   * @throws PublicationException for whatever ends it before that
   */
  public List<Published> publish(Map<ImageReference, List<Release>> releases) {
    Map<ImageReference, TagChanges> changes = new LinkedHashMap<>();
    releases.forEach((name, its) -> changes.put(name, TagChanges.of(name, its)));
    try {
      return publish(releases, changes);
    } catch (RuntimeException e) {
      if (!(e instanceof InterruptedRunException)) {
        changes.forEach((name, its) -> its.settle(() -> registries.open(name), e));
      }
      throw new PublicationException(
          e, changes.values().stream().flatMap(each -> each.list().stream()).toList());
    }
  }

  private List<Published> publish(
      Map<ImageReference, List<Release>> releases, Map<ImageReference, TagChanges> changes) {
    Map<ImageReference, Registry> targets = open(releases);
    List<EngineImage> images = images(releases);
    try (Workspace.TemporaryDirectory folder = workspace.temporaryDirectory("layers")) {
      Mounts mounts = new Mounts(new KnownPlaces(workspace.cache()));
      Map<EngineImage, StoredImage> stored =
          export(images, targets.values(), mounts, folder.path());
      Map<Registry, List<StoredImage>> wanted = new LinkedHashMap<>();
      targets.forEach(
          (name, target) ->
              wanted.put(
                  target,
                  images(Map.of(name, releases.getOrDefault(name, List.of()))).stream()
                      .flatMap(image -> Optional.ofNullable(stored.get(image)).stream())
                      .toList()));
      Sboms sboms = Sboms.of(images, source::sbom, format.mediaType(), log);
      new Blobs(wanted, mounts, log).bring();
      targets.values().forEach(sboms::upload);
      SortedMap<ImageReference, Registry> inOrder =
          new TreeMap<>(Comparator.comparing(Publication::commonName));
      inOrder.putAll(targets);
      Map<ImageReference, List<Published>> published =
          give(inOrder, new ArrayList<>(), releases, stored, sboms, changes);
      return releases.keySet().stream()
          .flatMap(name -> published.getOrDefault(name, List.of()).stream())
          .toList();
    }
  }

  /**
   * Fails if versions of a variant, and its aliases, could not be given in a repository as it is.
   *
   * @param platforms those that are to be published together
   */
  public void checkTags(
      ImageReference repository, TagRule rule, List<String> aliases, List<Platform> platforms) {
    Registry registry = registries.open(repository);
    new Objections(registry).require(rule, aliases, platforms, registry.tags());
  }

  /**
   * What {@link #publish} would do, in words; nothing is written anywhere.
   *
   * @return a line for each thing
   */
  public List<String> plan(Map<ImageReference, List<Release>> releases) {
    KnownParts known = new KnownParts(workspace.cache());
    List<String> lines = new ArrayList<>();
    Map<ImageReference, Registry> targets = open(releases);
    Map<ImageReference, List<String>> taken = new LinkedHashMap<>();
    targets.forEach(
        (name, registry) -> {
          List<String> tags = new ArrayList<>(registry.tags());
          Set<String> named = new TreeSet<>();
          releases
              .getOrDefault(name, List.of())
              .forEach(
                  release ->
                      named.addAll(
                          new Objections(registry)
                              .require(
                                  release.rule(), release.aliases(), release.platforms(), tags)));
          Set<String> given = new TreeSet<>(named);
          given.removeAll(tags);
          given.forEach(
              tag -> lines.add("leave out " + name.withTag(tag) + ", which an alias names still"));
          for (String tag : new RepositoryTags(registry, workspace.cache()).pending(tags)) {
            lines.add("leave out " + name.withTag(tag) + ", which somebody may be setting still");
            given.add(tag);
          }
          releases.getOrDefault(name, List.of()).stream()
              .filter(release -> !release.aliases().isEmpty())
              .forEach(
                  release ->
                      GivenVersions.requireNewest(registry, release.rule(), tags, given, clock));
          tags.addAll(given);
          taken.put(name, tags);
        });
    targets.forEach(
        (name, registry) -> {
          for (Release release : releases.getOrDefault(name, List.of())) {
            List<String> everywhere = new ArrayList<>();
            taken.forEach(
                (other, tags) -> {
                  if (releases.getOrDefault(other, List.of()).contains(release)) {
                    everywhere.addAll(tags);
                  }
                });
            ImageVersion version = release.rule().next(everywhere, clock);
            lines.add("publish " + name.withTag(release.rule().tag(version)));
            release.images().forEach(image -> lines.add(uploads(image, known, registry)));
            release.aliases().forEach(alias -> lines.add("  then move " + name.withTag(alias)));
          }
        });
    return lines;
  }

  private static String uploads(EngineImage image, KnownParts known, Registry registry) {
    long bytes = 0;
    int present = 0;
    int unknown = 0;
    for (Digest diffId : image.layers()) {
      Optional<KnownParts.Known> layer = known.find(diffId);
      if (layer.isEmpty()) {
        unknown++;
      } else if (registry.hasBlob(layer.get().digest())) {
        present++;
      } else {
        bytes += layer.get().size();
      }
    }
    String rest =
        unknown == 0
            ? ""
            : " and %d not compressed yet (the image has %.1f MB uncompressed)"
                .formatted(unknown, image.sizeBytes() / 1e6);
    return "  of %s for %s: %d of its %d layers are there; to upload: %.1f MB%s"
        .formatted(
            image.id().abbreviated(),
            image.platform(),
            present,
            image.layers().size(),
            bytes / 1e6,
            rest);
  }

  private Map<ImageReference, Registry> open(Map<ImageReference, List<Release>> releases) {
    Map<ImageReference, Registry> targets = new LinkedHashMap<>();
    releases.keySet().forEach(name -> targets.put(name, registries.open(name)));
    return targets;
  }

  private static List<EngineImage> images(Map<ImageReference, List<Release>> releases) {
    return releases.values().stream()
        .flatMap(List::stream)
        .flatMap(release -> release.images().stream())
        .distinct()
        .toList();
  }

  /**
   * Takes the turn in one repository after the other and then publishes in all of them. The order
   * is the same for everybody, so that no two wait for each other; of this user's processes one
   * goes at a time, as they are one publisher.
   */
  private Map<ImageReference, List<Published>> give(
      SortedMap<ImageReference, Registry> rest,
      List<Publisher.Part> begun,
      Map<ImageReference, List<Release>> releases,
      Map<EngineImage, StoredImage> stored,
      Sboms sboms,
      Map<ImageReference, TagChanges> changes) {
    if (rest.isEmpty()) {
      return Publisher.publish(begun);
    }
    ImageReference name = rest.firstKey();
    Registry registry = rest.remove(name);
    Publisher publisher =
        new Publisher(
            registry,
            PublisherQueue.of(registry, workspace, LastClaim.of(workspace, name), session, log),
            clock,
            log);
    return workspace.alone(
        "publish-" + name,
        log,
        () -> {
          try (Publisher.Part part =
              publisher.begin(
                  releases.getOrDefault(name, List.of()),
                  stored,
                  sboms,
                  changes.getOrDefault(name, new TagChanges(name)),
                  () -> begun.forEach(Publisher.Part::keep))) {
            begun.add(part);
            return give(rest, begun, releases, stored, sboms, changes);
          }
        });
  }

  /** A name that is the same however somebody writes the repository. */
  private static String commonName(ImageReference repository) {
    return repository
        .repository()
        .replaceFirst("^(?:(?:index|registry-1)\\.)?docker\\.io/(?:library/)?", "");
  }

  private Map<EngineImage, StoredImage> export(
      List<EngineImage> images, Collection<Registry> targets, Mounts mounts, Path folder) {
    Map<Digest, Boolean> present = new ConcurrentHashMap<>();
    Map<EngineImage, StoredImage> stored = new LinkedHashMap<>();
    for (EngineImage image : images) {
      stored.put(
          image,
          source.stored(
              image,
              blob ->
                  present.computeIfAbsent(
                      blob, digest -> targets.stream().allMatch(each -> mounts.has(each, digest))),
              folder));
    }
    return stored;
  }
}

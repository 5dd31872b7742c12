package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.archive.KnownParts;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Registry;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a repository's tags are: versions, the aliases that follow them, and others. */
public final class RepositoryTags {
  /** What the tag that withdraws a version ends in. */
  static final String WITHDRAWN = TagRule.WITHDRAWN;

  private static final int LARGEST_CONFIG = 4 * 1024 * 1024;
  private static final Pattern VERSION =
      Pattern.compile("(?:^|[-_.])([0-9]+(?:\\.[0-9]+)*-[0-9]{3})$");
  private static final Pattern PLATFORM =
      Pattern.compile("-(?:" + String.join("|", Platform.ARCHITECTURES) + ")$");

  private final Registry registry;
  private final KnownManifests known;
  private final KnownParts parts;

  /**
   * Of one repository.
   *
   * @param cache where manifests are kept that were read once
   */
  public RepositoryTags(Registry registry, Path cache) {
    this.registry = registry;
    this.known = new KnownManifests(cache);
    this.parts = new KnownParts(cache);
  }

  /** A repository's tags without those of versions that were withdrawn. */
  static List<String> standing(Collection<String> tags) {
    return tags.stream().filter(tag -> !tags.contains(tag + WITHDRAWN)).toList();
  }

  /** Whether a tag ends as those of versions do, of one platform or not. */
  static boolean isLikeVersion(String tag) {
    return VERSION.matcher(PLATFORM.matcher(tag).replaceFirst("")).find();
  }

  /**
   * The tags of versions that are not there, but were asked for by a publisher that has died or is
   * still at it: nobody gives them.
   */
  public Set<String> pending() {
    return pending(registry.tags());
  }

  /** Those of them that are not among the repository's tags. */
  Set<String> pending(Collection<String> tags) {
    Set<String> pending = new TreeSet<>(new Claims(registry, known).pending(tags));
    pending.removeAll(Set.copyOf(tags));
    return pending;
  }

  /**
   * The tags of versions that a variant's aliases name, be those tags among the repository's or
   * not: their numbers were given.
   *
   * @param tags the repository's
   */
  public Set<String> named(TagRule rule, List<String> aliases, Collection<String> tags) {
    Set<String> named = new TreeSet<>();
    for (String alias : GivenVersions.aliases(rule, aliases, tags)) {
      manifest(alias).flatMap(its -> GivenVersions.tag(rule, its)).ifPresent(named::add);
    }
    return named;
  }

  /** The versions, by variant and number, the newest of each variant last. */
  public List<TaggedVersion> versions() {
    Map<String, Manifest> manifests = manifests();
    List<TaggedVersion> versions =
        new ArrayList<>(
            Questions.ask(
                    manifests.entrySet(),
                    each ->
                        version(each.getKey(), each.getValue())
                            .map(its -> tagged(each.getKey(), its, each.getValue(), manifests)),
                    "reading the versions of " + registry.repository())
                .stream()
                .flatMap(Optional::stream)
                .toList());
    versions.sort(
        Comparator.comparing((TaggedVersion each) -> each.variant().orElse(""))
            .thenComparing(each -> ImageVersion.parse(each.version()))
            .thenComparing(TaggedVersion::tag));
    return versions;
  }

  private TaggedVersion tagged(
      String tag, String version, Manifest manifest, Map<String, Manifest> all) {
    JsonNode notes = Manifests.read(manifest).path("annotations");
    Digest digest = manifest.digest();
    List<String> aliases =
        all.entrySet().stream()
            .filter(other -> other.getValue().digest().equals(digest))
            .map(Map.Entry::getKey)
            .filter(other -> version(other, manifest).isEmpty())
            .sorted()
            .toList();
    return new TaggedVersion(
        tag,
        Optional.ofNullable(notes.path("io.baseimage.variant").textValue()),
        version,
        digest,
        Optional.ofNullable(notes.path("org.opencontainers.image.created").textValue()),
        Optional.ofNullable(notes.path(VersionManifests.PUBLISHED).textValue()),
        platforms(manifest).stream().map(Platform::toString).toList(),
        aliases,
        all.containsKey(tag + WITHDRAWN),
        notes.path(Release.REASONS).asText("").lines().toList());
  }

  /** The version that a tag names; an alias has the same manifest, but not its version's name. */
  private static Optional<String> version(String tag, Manifest manifest) {
    String noted =
        Manifests.read(manifest).path("annotations").path(VersionManifests.VERSION).asText("");
    if (!noted.isEmpty()) {
      return tag.contains(noted) && !tag.endsWith(WITHDRAWN)
          ? Optional.of(noted)
          : Optional.empty();
    }
    Matcher matcher = VERSION.matcher(tag);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** One image's platform is in its configuration, which is kept as it is read once. */
  private List<Platform> platforms(Manifest manifest) {
    return Manifests.config(manifest)
        .map(
            digest ->
                parts
                    .config(digest)
                    .orElseGet(
                        () -> {
                          byte[] config = registry.blob(digest, LARGEST_CONFIG);
                          parts.rememberConfig(config);
                          return config;
                        }))
        .map(config -> List.of(Manifests.platform(config)))
        .orElseGet(() -> Manifests.platforms(manifest));
  }

  private Optional<Manifest> manifest(String tag) {
    Optional<Manifest> before = registry.digest(tag).flatMap(known::find);
    if (before.isPresent()) {
      return before;
    }
    Optional<Manifest> read = registry.manifest(tag);
    read.ifPresent(known::remember);
    return read;
  }

  private Map<String, Manifest> manifests() {
    List<String> tags =
        registry.tags().stream()
            .filter(tag -> !tag.startsWith(Claim.TAG_PREFIX) && !Referrers.isTag(tag))
            .toList();
    List<Optional<Manifest>> answers =
        Questions.ask(tags, this::manifest, "reading the tags of " + registry.repository());
    Map<String, Manifest> manifests = new LinkedHashMap<>();
    for (int i = 0; i < tags.size(); i++) {
      String tag = tags.get(i);
      answers.get(i).ifPresent(manifest -> manifests.put(tag, manifest));
    }
    return manifests;
  }
}

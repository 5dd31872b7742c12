package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.Registry;
import io.baseimage.publish.Claim.State;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What the publishers of a repository say of themselves, each read no oftener than need be. */
final class Claims {
  private final Registry registry;
  private final KnownManifests known;
  private final Map<Digest, Optional<Claim>> read = new ConcurrentHashMap<>();
  private final Map<String, Claim> ended = new ConcurrentHashMap<>();

  /**
   * Those of one repository.
   *
   * @param known the manifests that others have left behind
   */
  Claims(Registry registry, KnownManifests known) {
    this.registry = registry;
    this.known = known;
  }

  /** Those among a repository's tags, by their tags. */
  SortedMap<String, Claim> among(Collection<String> tags) {
    SortedMap<String, Claim> claims = new TreeMap<>();
    Questions.ask(
            tags.stream().filter(tag -> tag.startsWith(Claim.TAG_PREFIX)).toList(),
            tag -> of(tag).map(claim -> Map.entry(tag, claim)),
            "reading who publishes to " + registry.repository())
        .forEach(found -> found.ifPresent(its -> claims.put(its.getKey(), its.getValue())));
    return claims;
  }

  /** The tags of versions that somebody may still be setting. */
  Set<String> pending(Collection<String> tags) {
    Set<String> pending = new TreeSet<>();
    among(tags).values().forEach(claim -> pending.addAll(claim.pending()));
    return pending;
  }

  /** That of one publisher. Asks for the digest first: to read a manifest counts as a pull. */
  Optional<Claim> of(String tag) {
    Optional<Claim> over = Optional.ofNullable(ended.get(tag));
    Optional<Claim> claim =
        over.isPresent() ? over : registry.digest(tag).flatMap(digest -> of(tag, digest));
    claim.filter(its -> its.state() == State.IDLE).ifPresent(its -> ended.put(tag, its));
    return claim;
  }

  private Optional<Claim> of(String tag, Digest digest) {
    Optional<Claim> before = read.get(digest);
    if (before != null) {
      return before;
    }
    Optional<Manifest> manifest = known.find(digest).or(() -> registry.manifest(tag));
    Optional<Claim> claim = manifest.flatMap(Claim::of);
    manifest.ifPresent(
        its -> {
          read.put(its.digest(), claim);
          if (claim.filter(each -> each.state() == State.IDLE).isPresent()) {
            known.remember(its);
          }
        });
    return claim;
  }
}

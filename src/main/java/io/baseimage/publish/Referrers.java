package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is attached to the manifests of a repository, by the OCI distribution specification, release
 * 1.1: in lists that the registry keeps, or where it keeps none, in an index under a tag that is
 * made of the subject's digest.
 */
final class Referrers {
  private static final String TAG_PREFIX = "sha256-";

  private final Registry registry;

  Referrers(Registry registry) {
    this.registry = registry;
  }

  /** Whether a tag holds what is attached to a manifest, or a signature, and is no image's. */
  static boolean isTag(String tag) {
    return tag.matches(TAG_PREFIX + "[0-9a-f]{64}(?:\\..*)?");
  }

  /** The tag of the list that stands in for one of the registry's. */
  static String tag(Digest subject) {
    return TAG_PREFIX + subject.hex();
  }

  /** What refers to a manifest, of the registry's list first. */
  List<Referrer> of(Digest subject) {
    List<Referrer> all = new ArrayList<>(registry.referrers(subject).orElse(List.of()));
    if (all.isEmpty()) {
      registry.manifest(tag(subject)).ifPresent(index -> all.addAll(entries(index)));
    }
    return all;
  }

  /**
   * Stores a manifest and sees to it that it is found by its subject. Once more does nothing.
   *
   * @param artifact a manifest that names its subject
   * @param beforeEachTry as {@link Registry#put} has it
   * @return what the registry says if it does not take the manifest, or the index for it
   */
  Optional<RegistryException> attach(Manifest artifact, Digest subject, Runnable beforeEachTry) {
    Optional<RegistryException> refusal =
        refusal(artifact.digest().toString(), artifact, beforeEachTry);
    if (refusal.isPresent()) {
      return refusal;
    }
    Optional<List<Referrer>> listed = registry.referrers(subject);
    if (listed.filter(all -> isIn(all, artifact.digest())).isPresent()) {
      return Optional.empty();
    }
    String tag = tag(subject);
    Optional<Manifest> before = registry.manifest(tag);
    if (before.isPresent() && isIn(entries(before.get()), artifact.digest())) {
      return Optional.empty();
    }
    return refusal(tag, with(artifact, before, tag), beforeEachTry);
  }

  private Optional<RegistryException> refusal(String name, Manifest manifest, Runnable before) {
    try {
      registry.put(name, manifest, before);
      return Optional.empty();
    } catch (RegistryException e) {
      if (e.kind() != RegistryException.Kind.REFUSED) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  private static boolean isIn(List<Referrer> referrers, Digest digest) {
    return referrers.stream().anyMatch(each -> each.digest().equals(digest));
  }

  /** The index with one entry more; those of others stay as they are. */
  private Manifest with(Manifest artifact, Optional<Manifest> before, String tag) {
    if (before.isEmpty()) {
      return Manifests.referrers(artifact);
    }
    JsonNode index = Manifests.read(before.get());
    if (!before.get().mediaType().equals(Manifests.INDEX)
        || !(index instanceof ObjectNode root)
        || !(root.path("manifests") instanceof ArrayNode)) {
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to attach an SBOM to "
              + registry.repository()
              + "@"
              + tag.replace('-', ':')
              + ", but the tag "
              + tag
              + ", which lists what is attached, is no index. Somebody else uses it; remove it.");
    }
    return Manifests.withReferrer(root, artifact);
  }

  private static List<Referrer> entries(Manifest index) {
    return Referrer.in(Manifests.read(index));
  }
}

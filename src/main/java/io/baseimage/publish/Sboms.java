package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RunLog;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The SBOMs of images on their way to repositories, each to be attached to its manifest. */
final class Sboms {
  private static final int LARGEST = 32 << 20;
  private static final String VARIANT = "io.baseimage.variant";

  private final String mediaType;
  private final Map<EngineImage, byte[]> documents;
  private final RunLog log;

  private Sboms(String mediaType, Map<EngineImage, byte[]> documents, RunLog log) {
    this.mediaType = mediaType;
    this.documents = documents;
    this.log = log;
  }

  /**
   * Those of all images.
   *
   * @param log told which could not be attached
   */
  static Sboms of(
      Collection<EngineImage> images,
      Function<EngineImage, byte[]> document,
      String mediaType,
      RunLog log) {
    Map<EngineImage, byte[]> documents = new LinkedHashMap<>();
    images.forEach(image -> documents.put(image, document.apply(image)));
    return new Sboms(mediaType, documents, log);
  }

  /** Brings them to a repository, where nothing refers to them yet. */
  void upload(Registry registry) {
    upload(registry, Manifests.EMPTY);
    documents.values().forEach(document -> upload(registry, document));
  }

  private static void upload(Registry registry, byte[] content) {
    Digest digest = Digest.of(content);
    if (!registry.hasBlob(digest)) {
      registry.upload(digest, content.length, ContentSource.of(content), bytes -> {});
    }
  }

  /**
   * Attaches an image's SBOM to its manifest, which need not be there yet. A registry that takes
   * images alone does not get it, and the image is published all the same.
   *
   * @param annotations those of the manifest, of which the artifact repeats some
   * @param beforeEachTry as {@link Registry#put} has it
   */
  void attach(
      Registry registry,
      EngineImage image,
      Manifest manifest,
      Map<String, String> annotations,
      Runnable beforeEachTry) {
    byte[] document = documents.get(image);
    if (document == null) {
      throw new IllegalArgumentException("no SBOM of " + image.id());
    }
    Map<String, String> own = new LinkedHashMap<>();
    for (String name :
        List.of(VARIANT, "org.opencontainers.image.created", VersionManifests.VERSION)) {
      Optional.ofNullable(annotations.get(name)).ifPresent(value -> own.put(name, value));
    }
    Manifest artifact = Manifests.artifact(mediaType, document, manifest, own);
    new Referrers(registry)
        .attach(artifact, manifest.digest(), beforeEachTry)
        .ifPresent(
            refusal ->
                log.warn(
                    "The SBOM of "
                        + registry.repository()
                        + "@"
                        + manifest.digest()
                        + " ("
                        + image.platform()
                        + ") is not attached to it: "
                        + refusal.getMessage()));
  }

  /**
   * The SBOM of a manifest, one of this toolkit's before those of others; nothing if none is
   * attached.
   */
  static Optional<byte[]> find(Registry registry, Digest manifest, String mediaType) {
    return new Referrers(registry)
        .of(manifest).stream()
            .filter(each -> each.artifactType().equals(mediaType))
            .sorted(Comparator.comparing(Sboms::isOfOthers))
            .flatMap(each -> content(registry, each, mediaType).stream())
            .findFirst();
  }

  private static boolean isOfOthers(Referrer referrer) {
    return !referrer.annotations().containsKey(VARIANT);
  }

  private static Optional<byte[]> content(Registry registry, Referrer referrer, String mediaType) {
    return registry
        .manifest(referrer.digest().toString())
        .flatMap(artifact -> Manifests.layer(artifact, mediaType))
        .map(digest -> registry.blob(digest, LARGEST));
  }
}

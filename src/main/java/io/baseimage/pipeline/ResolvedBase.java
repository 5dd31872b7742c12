package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.variant.Variant;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The base that a build starts from.
 *
 * @param reference the name that a Dockerfile gives it
 * @param source how it was had
 * @param image the image on the engine; empty where no engine was asked
 * @param standIn what it is, if it is of another release than the variant
 */
public record ResolvedBase(
    ImageReference reference,
    Source source,
    Optional<EngineImage> image,
    Optional<String> standIn) {

  /** A base that is of the variant's release, or not known to be of another. */
  public ResolvedBase(ImageReference reference, Source source, Optional<EngineImage> image) {
    this(reference, source, image, Optional.empty());
  }

  /** How a base was had. */
  public enum Source {
    /** It was on the engine, under the distribution's own name. */
    LOCAL("on the engine"),
    /** It was pulled in this run. */
    REGISTRY("pulled from its registry"),
    /** It was made from signed packages, in this run or an earlier one. */
    BOOTSTRAP("bootstrapped from signed packages"),
    /** It was only named: a render without an engine. */
    NAMED("named, not looked up");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /** Who knows a base by its digest. */
  public enum Origin {
    /** Its registry. */
    REGISTRY,
    /** The engine alone: somebody has brought it there. */
    ENGINE,
    /** The engine alone: it was made from signed packages. */
    BOOTSTRAP;

    /** What a label says; the engine's if it says nothing that is known. */
    static Origin of(String id) {
      return Arrays.stream(values())
          .filter(each -> each.id().equals(id))
          .findFirst()
          .orElse(ENGINE);
    }

    /** As labels write it: {@code registry}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The base that an image was built on, as the image's labels name it. Of the base's own labels
   * there are those that the build had to empty.
   *
   * @throws IllegalArgumentException if the labels do not say it
   */
  public static ResolvedBase of(Map<String, String> labels, Platform platform) {
    ImageReference reference =
        ImageReference.parse(labels.getOrDefault(ImageRecipe.BASE_NAME_LABEL, ""));
    Digest digest = Digest.parse(labels.getOrDefault(ImageRecipe.BASE_DIGEST_LABEL, ""));
    Origin origin = Origin.of(labels.getOrDefault(ImageRecipe.BASE_ORIGIN_LABEL, ""));
    Map<String, String> emptied = new HashMap<>();
    labels.forEach(
        (name, value) -> {
          if (name.startsWith("org.opencontainers.image.") && value.isEmpty()) {
            emptied.put(name, value);
          }
        });
    EngineImage image =
        new EngineImage(
            digest,
            List.of(),
            origin == Origin.REGISTRY ? List.of(reference.repository() + "@" + digest) : List.of(),
            platform,
            0,
            Instant.EPOCH,
            emptied,
            List.of());
    return new ResolvedBase(
        reference,
        switch (origin) {
          case REGISTRY -> Source.REGISTRY;
          case ENGINE -> Source.LOCAL;
          case BOOTSTRAP -> Source.BOOTSTRAP;
        },
        Optional.of(image),
        Optional.ofNullable(labels.get(StandIn.LABEL)).filter(what -> !what.isBlank()));
  }

  /** Who knows it by its digest; empty where no engine was asked. */
  Optional<Origin> origin() {
    return image.map(
        found ->
            source == Source.BOOTSTRAP
                ? Origin.BOOTSTRAP
                : registryDigest(found).isPresent() ? Origin.REGISTRY : Origin.ENGINE);
  }

  /**
   * The digest under which it can be asked for again: the registry's, or the engine's own id of an
   * image that no registry has. Empty where no engine was asked.
   */
  public Optional<String> digest() {
    return image.map(found -> registryDigest(found).orElse(found.id().toString()));
  }

  private Optional<String> registryDigest(EngineImage found) {
    return found.repositoryDigests().stream()
        .filter(name -> name.startsWith(reference.repository() + "@"))
        .map(name -> name.substring(name.indexOf('@') + 1))
        .findFirst();
  }

  /** The same base, looked at: one with a name of its own may be of another release. */
  ResolvedBase examined(Engine engine, Variant variant) {
    if (image.isEmpty() || source == Source.BOOTSTRAP) {
      return this;
    }
    if (reference.equals(variant.officialImage())
        && !image.get().labels().containsKey(StandIn.LABEL)) {
      return this;
    }
    return new ResolvedBase(reference, source, image, StandIn.in(engine, image.get(), variant));
  }

  /** What is built of a variant on this base: it is not called what it is not. */
  public Variant buildable(Variant variant) {
    return standIn.map(variant::standIn).orElse(variant);
  }

  /** In words: its name, how it was had, and what it is if that is another release. */
  public String words() {
    return reference
        + ", "
        + source.words()
        + standIn.map(what -> ", a stand-in: " + what).orElse("");
  }
}

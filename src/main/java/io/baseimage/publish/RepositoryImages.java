package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import io.baseimage.pipeline.SbomFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Images of a repository, of which no layer is ever read. */
public final class RepositoryImages {
  private static final int LARGEST_CONFIG = 4 << 20;

  private final Registry registry;
  private final SbomFormat format;
  private final Platform usual;

  /**
   * Those of one repository.
   *
   * @param usual whose image of an index is meant where nothing else is said and it is there
   */
  public RepositoryImages(Registry registry, SbomFormat format, Platform usual) {
    this.registry = registry;
    this.format = format;
    this.usual = usual;
  }

  /**
   * The SBOM that is attached to an image, byte for byte.
   *
   * @param platform which one of an index; the usual one or else the first, if it is empty
   * @throws RegistryException of kind {@link Kind#NOT_FOUND} if there is no such image, none for
   *     that platform, or no SBOM
   */
  public byte[] sbom(ImageReference image, Optional<Platform> platform) {
    return attached(image(image, platform).digest())
        .orElseThrow(
            () ->
                new RegistryException(
                    Kind.NOT_FOUND,
                    "Tried to read the SBOM of "
                        + image
                        + ", but none of the type "
                        + format.mediaType()
                        + " is attached to it. Pull the image, and ask for docker-daemon:"
                        + image
                        + "."));
  }

  /** All that can be told of an image; its inventory is empty if no usable SBOM is attached. */
  public ImageDescription describe(ImageReference image, Optional<Platform> platform) {
    Manifest manifest = image(image, platform);
    byte[] bytes =
        registry.blob(
            Manifests.config(manifest)
                .orElseThrow(() -> notFound(image, "what is there is no image")),
            LARGEST_CONFIG);
    JsonNode config = Manifests.read(new Manifest("", bytes));
    long size = 0;
    for (JsonNode layer : Manifests.read(manifest).path("layers")) {
      size += layer.path("size").asLong();
    }
    return new ImageDescription(
        image.toString(),
        ImageDescription.Place.REGISTRY,
        manifest.digest(),
        Manifests.platform(bytes),
        size,
        ImageConfiguration.of(config.path("config")),
        inventory(manifest.digest()));
  }

  /** What an image's SBOM says; nothing if none is attached, or one that cannot be read. */
  Optional<Inventory> inventory(Digest manifest) {
    try {
      return attached(manifest).map(format::read);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The usual image of an index, or else the first; the manifest itself if it is none. */
  Digest image(Manifest manifest) {
    return entry(Manifests.entries(manifest), usual)
        .map(Manifests.Entry::digest)
        .orElse(manifest.digest());
  }

  private static Optional<Manifests.Entry> entry(List<Manifests.Entry> all, Platform first) {
    return all.stream().min(Comparator.comparing(entry -> !entry.platform().equals(first)));
  }

  private Manifest image(ImageReference image, Optional<Platform> platform) {
    Manifest manifest = manifest(image, name(image));
    List<Manifests.Entry> entries = Manifests.entries(manifest);
    if (entries.isEmpty()) {
      platform.ifPresent(wanted -> requirePlatform(image, manifest, wanted));
      return manifest;
    }
    Manifests.Entry nearest = entry(entries, platform.orElse(usual)).orElseThrow();
    if (platform.filter(wanted -> !wanted.equals(nearest.platform())).isPresent()) {
      String platforms =
          entries.stream()
              .map(entry -> entry.platform().toString())
              .collect(Collectors.joining(", "));
      throw isFor(image, platforms, platform.get());
    }
    return manifest(image, nearest.digest().toString());
  }

  /** One image's manifest does not say what it is for, but its configuration does. */
  private void requirePlatform(ImageReference image, Manifest manifest, Platform wanted) {
    byte[] config =
        registry.blob(
            Manifests.config(manifest)
                .orElseThrow(() -> notFound(image, "what is there is no image")),
            LARGEST_CONFIG);
    Platform its = Manifests.platform(config);
    if (!its.equals(wanted)) {
      throw isFor(image, its.toString(), wanted);
    }
  }

  private static RegistryException isFor(ImageReference image, String its, Platform wanted) {
    return notFound(image, "it is for " + its + " and not for " + wanted);
  }

  private Manifest manifest(ImageReference image, String name) {
    return registry.manifest(name).orElseThrow(() -> notFound(image, "it is not there"));
  }

  private static String name(ImageReference image) {
    return image.digest() != null
        ? image.digest().toString()
        : image.effectiveTag().orElse("latest");
  }

  private Optional<byte[]> attached(Digest manifest) {
    return Sboms.find(registry, manifest, format.mediaType());
  }

  private static RegistryException notFound(ImageReference image, String seen) {
    return new RegistryException(
        Kind.NOT_FOUND, "Tried to read what is known of " + image + ", but " + seen + ".");
  }
}

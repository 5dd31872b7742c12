package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.archive.KnownParts;
import io.baseimage.archive.ReproducibleConfig;
import io.baseimage.archive.RuntimeLayer;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RuntimeFile;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.pipeline.Workspace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Makes of a published image the one that a build would give with another runtime on the same
 * packages. Of its layers only the last one is read, which is small.
 */
public final class RuntimeExchange {
  private static final int LARGEST_CONFIG = 4 << 20;
  private static final int LARGEST_LAYER = 16 << 20;
  private static final int LARGEST_TAR = 64 << 20;
  private static final Set<String> LAYERS =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar.gzip");
  private static final String LIST = ImageRecipe.RUNTIME_LIST.substring(1);

  private final Registry registry;
  private final SbomFormat format;
  private final Workspace workspace;

  /** In one repository. */
  public RuntimeExchange(Registry registry, SbomFormat format, Workspace workspace) {
    this.registry = registry;
    this.format = format;
    this.workspace = workspace;
  }

  /**
   * An image with another runtime.
   *
   * @param image what it becomes
   * @param changed the paths of the files that are others, new or gone
   */
  public record Exchanged(EngineImage image, List<String> changed) {
    /** Copies the list. */
    public Exchanged {
      changed = List.copyOf(changed);
    }
  }

  /**
   * Makes one.
   *
   * @param now what a build would put into it
   * @param made where its parts are kept
   * @throws NotExchangeableException if it takes a build
   */
  public Exchanged of(
      CurrentVersion.Image published, ImageRecipe.Rendered now, ExchangedRuntimes made) {
    Manifest manifest = manifest(published);
    byte[] config =
        new KnownParts(workspace.cache())
            .config(published.config())
            .orElseGet(() -> registry.blob(published.config(), LARGEST_CONFIG));
    JsonNode root = Manifests.read(new Manifest("", config));
    List<Digest> diffIds = new ArrayList<>();
    root.path("rootfs").path("diff_ids").forEach(each -> diffIds.add(Digest.parse(each.asText())));
    List<StoredImage.Layer> layers = layers(manifest, diffIds);
    StoredImage.Layer last = layers.get(layers.size() - 1);
    byte[] before = unpacked(last);
    RuntimeLayer.Exchange files = new RuntimeLayer.Exchange();
    now.runtime(files::add);
    try (Workspace.TemporaryDirectory folder = workspace.temporaryDirectory("runtime")) {
      RuntimeLayer old = layer(before);
      Path tar = folder.path().resolve("layer.tar");
      Digest diffId = write(old, files, folder.path(), tar);
      byte[] newConfig = config(config, now.labels(), diffId);
      diffIds.set(diffIds.size() - 1, diffId);
      EngineImage image =
          new EngineImage(
              Digest.of(newConfig),
              List.of(),
              List.of(),
              published.platform(),
              0,
              created(root),
              labels(newConfig),
              diffIds);
      made.add(
          image,
          newConfig,
          KnownParts.compressed(tar),
          Files.readAllBytes(tar),
          format.write(image, inventory(published, files)),
          layers.subList(0, layers.size() - 1));
      return new Exchanged(image, changed(old.files(), files.digests()));
    } catch (IOException e) {
      throw new OutputException("write a layer", workspace.temporary(), e);
    }
  }

  private static RuntimeLayer layer(byte[] tar) {
    try {
      return RuntimeLayer.read(tar, LIST);
    } catch (IOException | IllegalArgumentException e) {
      throw new NotExchangeableException(String.valueOf(e.getMessage()));
    }
  }

  private static Digest write(
      RuntimeLayer old, RuntimeLayer.Exchange files, Path folder, Path written) {
    try {
      return old.write(files, folder, written);
    } catch (java.nio.file.FileSystemException e) {
      throw new OutputException("write a layer", folder, e);
    } catch (IOException e) {
      throw new NotExchangeableException(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] config(byte[] before, Map<String, String> labels, Digest diffId) {
    try {
      return ReproducibleConfig.withLastLayer(before, labels, diffId);
    } catch (IOException e) {
      throw new NotExchangeableException(String.valueOf(e.getMessage()));
    }
  }

  private Manifest manifest(CurrentVersion.Image published) {
    return new KnownManifests(workspace.cache())
        .find(published.manifest())
        .or(() -> registry.manifest(published.manifest().toString()))
        .orElseThrow(
            () ->
                new RegistryException(
                    RegistryException.Kind.NOT_FOUND,
                    "Tried to read "
                        + registry.repository()
                        + "@"
                        + published.manifest()
                        + ", but it is not there any more."));
  }

  private static List<StoredImage.Layer> layers(Manifest manifest, List<Digest> diffIds) {
    List<StoredImage.Layer> layers = new ArrayList<>();
    for (JsonNode layer : Manifests.read(manifest).path("layers")) {
      if (!LAYERS.contains(layer.path("mediaType").asText()) || layers.size() == diffIds.size()) {
        throw new NotExchangeableException("its layers are not as this toolkit publishes them");
      }
      layers.add(
          new StoredImage.Layer(
              diffIds.get(layers.size()),
              Digest.parse(layer.path("digest").asText()),
              layer.path("size").asLong(),
              java.util.Optional.empty()));
    }
    if (layers.size() < 2 || layers.size() != diffIds.size()) {
      throw new NotExchangeableException("its layers are not as this toolkit publishes them");
    }
    return layers;
  }

  private byte[] unpacked(StoredImage.Layer layer) {
    if (layer.size() > LARGEST_LAYER) {
      throw new NotExchangeableException("its last layer is too large to be the runtime");
    }
    byte[] compressed = registry.blob(layer.digest(), LARGEST_LAYER);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      byte[] tar = in.readNBytes(LARGEST_TAR);
      if (Digest.of(tar).equals(layer.diffId())) {
        return tar;
      }
    } catch (IOException e) {
      throw new NotExchangeableException("its last layer cannot be unpacked: " + e.getMessage());
    }
    throw new NotExchangeableException(
        "its last layer is not the one that its configuration names");
  }

  private static Instant created(JsonNode config) {
    try {
      return Instant.parse(config.path("created").asText());
    } catch (DateTimeException e) {
      throw new NotExchangeableException("its configuration does not say when it was made");
    }
  }

  private static Map<String, String> labels(byte[] config) {
    Map<String, String> labels = new HashMap<>();
    Manifests.read(new Manifest("", config))
        .path("config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  /** What the packages are is known from the SBOM alone. */
  private Inventory inventory(CurrentVersion.Image published, RuntimeLayer.Exchange files) {
    Inventory before;
    try {
      before =
          Sboms.find(registry, published.manifest(), format.mediaType())
              .map(format::read)
              .orElseThrow(
                  () ->
                      new NotExchangeableException(
                          "no SBOM is attached to it, which has to" + " tell of its packages"));
    } catch (IllegalArgumentException e) {
      throw new NotExchangeableException("its SBOM cannot be read: " + e.getMessage());
    }
    Map<String, Digest> digests = files.digests();
    digests.remove(LIST);
    List<RuntimeFile> runtime = new ArrayList<>();
    digests.forEach((path, digest) -> runtime.add(new RuntimeFile("/" + path, digest)));
    return new Inventory(before.system(), before.format(), before.packages(), runtime);
  }

  private static List<String> changed(Map<String, Digest> before, Map<String, Digest> now) {
    Set<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(now.keySet());
    paths.remove(LIST);
    return paths.stream()
        .filter(path -> !java.util.Objects.equals(before.get(path), now.get(path)))
        .map(path -> "/" + path)
        .toList();
  }
}

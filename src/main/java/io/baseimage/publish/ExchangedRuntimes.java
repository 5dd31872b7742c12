package io.baseimage.publish;

import io.baseimage.archive.ImageArchive;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.EngineImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Published images with another runtime, of which no layer of packages is at hand. */
public final class ExchangedRuntimes implements ImageSource {
  private final Map<EngineImage, Parts> parts = new ConcurrentHashMap<>();

  /** What is new of an image. */
  private static final class Parts {
    private final byte[] config;
    private final byte[] layer;
    private final byte[] tar;
    private final byte[] sbom;
    private final List<StoredImage.Layer> below;

    Parts(byte[] config, byte[] layer, byte[] tar, byte[] sbom, List<StoredImage.Layer> below) {
      this.config = config;
      this.layer = layer;
      this.tar = tar;
      this.sbom = sbom;
      this.below = below;
    }
  }

  /**
   * Adds one.
   *
   * @param layer the runtime's, compressed
   * @param tar the same, not compressed
   * @param below the other layers, which the registry has
   */
  void add(
      EngineImage image,
      byte[] config,
      byte[] layer,
      byte[] tar,
      byte[] sbom,
      List<StoredImage.Layer> below) {
    parts.put(image, new Parts(config, layer, tar, sbom, List.copyOf(below)));
  }

  private Parts of(EngineImage image) {
    return Objects.requireNonNull(parts.get(image), "of another run");
  }

  @Override
  public StoredImage stored(EngineImage image, Predicate<Digest> isPresent, Path folder) {
    Parts its = of(image);
    List<StoredImage.Layer> layers = new ArrayList<>(its.below);
    layers.add(
        new StoredImage.Layer(
            image.layers().get(its.below.size()),
            Digest.of(its.layer),
            its.layer.length,
            Optional.of(ContentSource.of(its.layer))));
    return new StoredImage(
        image.platform(),
        image.id(),
        its.config.length,
        Optional.of(ContentSource.of(its.config)),
        layers);
  }

  @Override
  public byte[] sbom(EngineImage image) {
    return of(image).sbom.clone();
  }

  /** How many bytes have to be sent to publish it. */
  public long size(EngineImage image) {
    Parts its = of(image);
    return (long) its.layer.length + its.config.length + its.sbom.length;
  }

  /**
   * The image for an engine.
   *
   * @param folder where the file of the runtime's layer goes
   * @param below the files of the other layers; none if the engine has them
   * @throws IOException if the file cannot be written
   */
  public ImageArchive archive(EngineImage image, Path folder, List<Path> below) throws IOException {
    Parts its = of(image);
    List<ImageArchive.Layer> layers = new ArrayList<>();
    for (int i = 0; i < its.below.size(); i++) {
      Optional<Path> file = below.isEmpty() ? Optional.empty() : Optional.of(below.get(i));
      layers.add(new ImageArchive.Layer(image.layers().get(i), file));
    }
    Path file = Files.write(folder.resolve("runtime-layer.tar"), its.tar);
    layers.add(new ImageArchive.Layer(image.layers().get(its.below.size()), Optional.of(file)));
    return new ImageArchive(its.config, layers);
  }
}

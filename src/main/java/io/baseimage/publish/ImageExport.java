package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.archive.KnownParts;
import io.baseimage.archive.KnownParts.Known;
import io.baseimage.archive.ParallelGzip;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Takes images out of an engine byte for byte: the configuration as it is, and each layer
 * compressed, unless it is known what that gives and every registry has it.
 */
final class ImageExport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_IN_MEMORY = 4 * 1024 * 1024;
  private static final int BUFFER = 64 * 1024;

  private final Engine engine;
  private final KnownParts known;
  private final Path folder;

  /**
   * Exports to a folder.
   *
   * @param folder where the compressed layers go; whoever made it removes it
   */
  ImageExport(Engine engine, KnownParts known, Path folder) {
    this.engine = engine;
    this.known = known;
    this.folder = folder;
  }

  /**
   * Takes an image out.
   *
   * @param isPresent whether every registry has a blob, which then is not needed
   */
  StoredImage of(EngineImage image, Predicate<Digest> isPresent) {
    Map<Digest, StoredImage.Layer> layers = new HashMap<>();
    Map<Digest, Long> passedOver = new HashMap<>();
    for (Digest diffId : image.layers()) {
      Optional<Known> before = known.find(diffId);
      if (before.isEmpty()) {
        continue;
      }
      Optional<ContentSource> kept = known.kept(before.get()).map(ContentSource::of);
      if (kept.isPresent() || isPresent.test(before.get().digest())) {
        layers.put(diffId, layer(diffId, before.get(), kept));
        passedOver.put(diffId, before.get().tarSize());
      }
    }
    Optional<StoredImage> stored =
        layers.keySet().containsAll(image.layers())
            ? known.config(image.id()).map(config -> stored(image, config, layers))
            : Optional.empty();
    if (stored.isPresent()) {
      return stored.get();
    }
    Reading quick = new Reading(image, layers, new HashSet<>(passedOver.values()));
    stored = engine.export(image.id().toString(), quick::read);
    // Another layer may have the very size of one that was passed over.
    return stored
        .or(
            () ->
                engine.export(
                    image.id().toString(), new Reading(image, new HashMap<>(), Set.of())::read))
        .orElseThrow(
            () ->
                new EngineException(
                    EngineException.Kind.REFUSED,
                    "Tried to take "
                        + image.id()
                        + " out of the engine, but not all of its layers and its configuration were"
                        + " in the archive"));
  }

  private static StoredImage.Layer layer(
      Digest diffId, Known known, Optional<ContentSource> content) {
    return new StoredImage.Layer(diffId, known.digest(), known.size(), content);
  }

  /** One archive, as {@code docker save} writes it in any of its forms. */
  private final class Reading {
    private final EngineImage image;
    private final Map<Digest, StoredImage.Layer> layers;
    private final Set<Long> sizesPassedOver;
    private final Map<String, byte[]> small = new HashMap<>();

    Reading(EngineImage image, Map<Digest, StoredImage.Layer> layers, Set<Long> sizesPassedOver) {
      this.image = image;
      this.layers = layers;
      this.sizesPassedOver = sizesPassedOver;
    }

    Optional<StoredImage> read(InputStream archive) {
      try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          if (entry.isFile() && entry.getSize() <= LARGEST_IN_MEMORY) {
            byte[] bytes = tar.readAllBytes();
            // Layers are no JSON, and many small ones are a lot.
            if (bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[')) {
              small.put(entry.getName(), bytes);
            }
            take(new ByteArrayInputStream(bytes), bytes.length);
          } else if (entry.isFile() && !sizesPassedOver.contains(entry.getSize())) {
            take(tar, entry.getSize());
          }
        }
        return result();
      } catch (IOException e) {
        throw new EngineException(
            EngineException.Kind.REFUSED,
            "Tried to take " + image.id() + " out of the engine to " + folder + ", but: " + e,
            e);
      }
    }

    /** Keeps the file if it turns out to be a layer that is wanted. */
    private void take(InputStream content, long size) throws IOException {
      BufferedInputStream in = new BufferedInputStream(content, BUFFER);
      in.mark(2);
      boolean compressed =
          in.read() == (GZIPInputStream.GZIP_MAGIC & 0xff)
              && in.read() == GZIPInputStream.GZIP_MAGIC >> 8;
      in.reset();
      MessageDigest sum = Digest.sha256();
      Digest diffId;
      long tarSize = size;
      LayerFile written = LayerFile.in(folder);
      Path file = written.path();
      try (DigestOutputStream out = new DigestOutputStream(written, sum)) {
        if (compressed) {
          in.transferTo(out);
          Measured measured = measure(file);
          diffId = measured.digest();
          tarSize = measured.size();
        } else {
          diffId = compress(in, out);
        }
      }
      if (image.layers().contains(diffId) && !layers.containsKey(diffId)) {
        Known now = new Known(Digest.ofSum(sum.digest()), Files.size(file), tarSize);
        known.remember(diffId, now);
        layers.put(diffId, layer(diffId, now, Optional.of(ContentSource.of(file))));
      } else {
        Files.delete(file);
      }
    }

    private Optional<StoredImage> result() throws IOException {
      JsonNode manifest = JSON.readTree(small.getOrDefault("manifest.json", Manifests.EMPTY));
      byte[] config = small.get(manifest.path(0).path("Config").asText());
      if (config == null || !layers.keySet().containsAll(image.layers())) {
        return Optional.empty();
      }
      known.rememberConfig(config);
      return Optional.of(stored(image, config, layers));
    }
  }

  private static StoredImage stored(
      EngineImage image, byte[] config, Map<Digest, StoredImage.Layer> layers) {
    return new StoredImage(
        image.platform(),
        Digest.of(config),
        config.length,
        Optional.of(ContentSource.of(config)),
        image.layers().stream().map(diffId -> Objects.requireNonNull(layers.get(diffId))).toList());
  }

  private record Measured(Digest digest, long size) {}

  private static Measured measure(Path compressed) throws IOException {
    MessageDigest sum = Digest.sha256();
    try (InputStream in =
        new DigestInputStream(new GZIPInputStream(Files.newInputStream(compressed), BUFFER), sum)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      return new Measured(Digest.ofSum(sum.digest()), size);
    }
  }

  /** Gives the digest of what is not compressed yet. */
  private static Digest compress(InputStream in, OutputStream out) throws IOException {
    MessageDigest sum = Digest.sha256();
    try (ParallelGzip gzip = new ParallelGzip(out, KnownParts.LEVEL)) {
      new DigestInputStream(in, sum).transferTo(gzip);
      gzip.finish();
    }
    return Digest.ofSum(sum.digest());
  }
}

package io.baseimage.archive;

import io.baseimage.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What layers that were compressed once became, the small ones themselves, and the configurations
 * of images: what a registry has, or is kept here, need not be taken out of the engine again. Each
 * has a file of its own, which may be removed at any time; a cache that cannot be written costs
 * nothing but time.
 */
public final class KnownParts {
  /** The compression level of layers, of zlib's. */
  public static final int LEVEL = 5;

  private static final int LARGEST_KEPT = 16 << 20;
  private static final int MOST_KEPT = 100;

  private final Path folder;
  private final Path configs;
  private final Path blobs;

  /** Those in a cache. */
  public KnownParts(Path cache) {
    this.folder = cache.resolve("layers");
    this.configs = cache.resolve("configs");
    this.blobs = cache.resolve("blobs");
  }

  /**
   * A layer.
   *
   * @param digest of the compressed file
   * @param size of the compressed file, in bytes
   * @param tarSize of the tar file, in bytes
   */
  public record Known(Digest digest, long size, long tarSize) {}

  /** What a layer became. */
  public Optional<Known> find(Digest diffId) {
    try {
      List<String> words =
          List.of(Files.readString(file(diffId), StandardCharsets.UTF_8).strip().split(" ", -1));
      if (words.size() != 3) {
        return Optional.empty();
      }
      return Optional.of(
          new Known(
              Digest.parse(words.get(0)),
              Long.parseLong(words.get(1)),
              Long.parseLong(words.get(2))));
    } catch (IOException | IllegalArgumentException e) {
      // Not there, as a rule. What cannot be read is not known.
      return Optional.empty();
    }
  }

  /** Remembers what a layer became. */
  public void remember(Digest diffId, Known known) {
    String line = known.digest() + " " + known.size() + " " + known.tarSize() + "\n";
    write(file(diffId), line.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Compresses a layer and keeps it, unless it is a large one.
   *
   * @param tar the layer's file
   * @throws IOException if that cannot be read
   */
  public void keep(Digest diffId, Path tar) throws IOException {
    long tarSize = Files.size(tar);
    if (tarSize > LARGEST_KEPT) {
      return;
    }
    byte[] bytes = compressed(tar);
    Known known = new Known(Digest.of(bytes), bytes.length, tarSize);
    write(blobs.resolve(known.digest().hex()), bytes);
    remember(diffId, known);
    removeOldest();
  }

  /**
   * A small layer as it is published.
   *
   * @throws IOException if the file cannot be read
   */
  public static byte[] compressed(Path tar) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (ParallelGzip gzip = new ParallelGzip(compressed, LEVEL)) {
      Files.copy(tar, gzip);
      gzip.finish();
    }
    return compressed.toByteArray();
  }

  private void removeOldest() {
    try (Stream<Path> files = Files.list(blobs)) {
      List<Path> newest =
          files
              .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed())
              .toList();
      for (Path file : newest.subList(Math.min(MOST_KEPT, newest.size()), newest.size())) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // They stay a while longer.
      return;
    }
  }

  /** A compressed layer that is kept, whole. */
  public Optional<byte[]> kept(Known known) {
    return read(blobs.resolve(known.digest().hex()), known.digest());
  }

  /** The configuration of that digest. */
  public Optional<byte[]> config(Digest digest) {
    return read(configs.resolve(digest.hex()), digest);
  }

  /** What is not what it should be is as good as not there. */
  private static Optional<byte[]> read(Path file, Digest digest) {
    try {
      return Optional.of(Files.readAllBytes(file)).filter(bytes -> Digest.of(bytes).equals(digest));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Remembers a configuration. */
  public void rememberConfig(byte[] config) {
    write(configs.resolve(Digest.of(config).hex()), config);
  }

  /** Writes a file whole, or not at all. */
  public static void write(Path file, byte[] bytes) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path written = Files.createTempFile(folder, "new", null);
      Files.write(written, bytes);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // It is found out again the next time, which is no reason to fail now.
      return;
    }
  }

  private Path file(Digest diffId) {
    return folder.resolve(diffId.hex());
  }
}

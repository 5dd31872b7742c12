package io.baseimage.archive;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where blobs were seen: another repository of the same registry can take them over from there.
 * Each blob has a file of its own, which may be removed at any time.
 */
public final class KnownPlaces {
  private static final int MOST = 8;

  private final Path folder;

  /** Those in a cache. */
  public KnownPlaces(Path cache) {
    this.folder = cache.resolve("places");
  }

  /** The repositories that have had a blob, the last one first. */
  public List<ImageReference> of(Digest blob) {
    try {
      return Files.readAllLines(file(blob), StandardCharsets.UTF_8).stream()
          .map(line -> new ImageReference(line, null, null))
          .toList();
    } catch (IOException | IllegalArgumentException e) {
      // Not there, as a rule.
      return List.of();
    }
  }

  /** Remembers that a repository has a blob. */
  public synchronized void remember(Digest blob, ImageReference repository) {
    List<ImageReference> before = of(blob);
    if (before.isEmpty() || !before.get(0).equals(repository)) {
      List<ImageReference> places = new ArrayList<>(before);
      places.remove(repository);
      places.add(0, repository);
      write(blob, places.subList(0, Math.min(MOST, places.size())));
    }
  }

  /** Forgets it, as the repository did not give the blob. */
  public synchronized void forget(Digest blob, ImageReference repository) {
    List<ImageReference> places = new ArrayList<>(of(blob));
    if (places.remove(repository)) {
      write(blob, places);
    }
  }

  private void write(Digest blob, List<ImageReference> places) {
    StringBuilder lines = new StringBuilder();
    places.forEach(place -> lines.append(place.repository()).append('\n'));
    KnownParts.write(file(blob), lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path file(Digest blob) {
    return folder.resolve(blob.hex());
  }
}

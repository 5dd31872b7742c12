package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.variant.PackageManager;
import io.baseimage.variant.Variant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The compiled programs that an image gets: the toolkit's own, and runit where the distribution has
 * no package of it.
 */
public final class ImagePrograms {
  private final RuntimePrograms own;
  private final Supplier<RuntimePrograms> runit;

  /** Programs of these sources; those of runit are read when they are needed. */
  public ImagePrograms(RuntimePrograms own, Supplier<RuntimePrograms> runit) {
    this.own = own;
    this.runit = runit;
  }

  /** A variant's programs by their paths in the image, if all have been compiled before. */
  public Optional<SortedMap<String, byte[]>> cached(Variant variant, Platform platform) {
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (RuntimePrograms programs : of(variant)) {
      Optional<SortedMap<String, byte[]>> cached = programs.cached(platform);
      if (cached.isEmpty()) {
        return Optional.empty();
      }
      all.putAll(cached.get());
    }
    return Optional.of(all);
  }

  /**
   * A variant's programs by their paths in the image, compiled if need be.
   *
   * @param bases of the engine's own platform
   */
  public SortedMap<String, byte[]> get(
      Variant variant, Engine engine, Platform platform, ToolchainBases bases) {
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (RuntimePrograms programs : of(variant)) {
      all.putAll(programs.get(engine, platform, bases));
    }
    return all;
  }

  /** The digest of the sources of a variant's programs, and of how they are compiled. */
  public Digest sources(Variant variant) {
    String all =
        of(variant).stream()
            .map(each -> each.sourcesDigest().toString())
            .collect(Collectors.joining("\n"));
    return Digest.of(all.getBytes(StandardCharsets.UTF_8));
  }

  private List<RuntimePrograms> of(Variant variant) {
    List<RuntimePrograms> kinds = new ArrayList<>(List.of(own));
    if (variant.distribution().packageManager() == PackageManager.YUM) {
      kinds.add(runit.get());
    }
    return kinds;
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.variant.Variant;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A build that has ended well.
 *
 * @param variant the recipe
 * @param base what it was built on
 * @param image the image
 * @param version the version it got, for example {@code 2026.11-000}
 * @param names the names it got, the immutable one first
 * @param addedBytes what its layers hold over the base's, unpacked, in bytes
 * @param inventory what is in it
 * @param addedPackages how many of these the base did not have
 * @param checks what the contract suite found; empty if it was not asked
 * @param engine where it is
 * @param phases how long each phase took
 * @param inputs the digest of what was built
 * @param started when the build began
 */
public record BuildOutcome(
    Variant variant,
    ResolvedBase base,
    EngineImage image,
    String version,
    List<ImageReference> names,
    long addedBytes,
    Inventory inventory,
    int addedPackages,
    Optional<CheckReport> checks,
    EngineInfo engine,
    Map<Phase, Duration> phases,
    String inputs,
    Instant started) {

  /** Copies the collections. */
  public BuildOutcome {
    names = List.copyOf(names);
    phases = Collections.unmodifiableMap(new EnumMap<>(phases));
  }

  /** What is installed in it. */
  public List<InstalledPackage> packages() {
    return inventory.packages();
  }
}

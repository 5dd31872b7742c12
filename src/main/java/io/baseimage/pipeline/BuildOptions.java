package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.variant.Variant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a build is asked for.
 *
 * @param variant the recipe
 * @param name the repository that the image is named in, without a tag
 * @param naming how what was built is named there, be it the variant or a stand-in for it
 * @param platforms what it must run on, an image for each; the engine's own if empty
 * @param base where the base may come from
 * @param pull whether the base is renewed first
 * @param cacheFrom the images whose steps may be taken instead of run anew; empty if any may
 * @param test whether the contract suite decides about the name
 * @param epoch what takes the place of the date of the package lists that are used
 * @param timeoutScale what the deadlines of checks are multiplied by
 */
public record BuildOptions(
    Variant variant,
    ImageReference name,
    Function<Variant, Naming> naming,
    List<Platform> platforms,
    BasePolicy base,
    boolean pull,
    Optional<Set<Digest>> cacheFrom,
    boolean test,
    Optional<Instant> epoch,
    double timeoutScale) {

  /** Copies the collections. */
  public BuildOptions {
    platforms = List.copyOf(platforms);
    cacheFrom = cacheFrom.map(Set::copyOf);
  }

  /** The same, but where steps are to be run anew those of these images may be taken. */
  public BuildOptions cachedFrom(Set<Digest> images) {
    return cachedFrom(cacheFrom.map(none -> images));
  }

  /** The same with other images whose steps may be taken. */
  BuildOptions cachedFrom(Optional<Set<Digest>> images) {
    return new BuildOptions(
        variant, name, naming, platforms, base, pull, images, test, epoch, timeoutScale);
  }
}

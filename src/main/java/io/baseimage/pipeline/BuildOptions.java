package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.variant.Variant;
import java.util.List;

/**
 * What a build is asked for.
 *
 * @param variant the recipe
 * @param name the repository that the image is named in, without a tag
 * @param platforms what it must run on, an image for each; the engine's own if empty
 * @param base where the base may come from
 * @param pull whether the base is renewed first
 * @param noCache whether every step of the build runs anew
 * @param test whether the contract suite decides about the name
 * @param timeoutScale what the deadlines of checks are multiplied by
 */
public record BuildOptions(
    Variant variant,
    ImageReference name,
    List<Platform> platforms,
    BasePolicy base,
    boolean pull,
    boolean noCache,
    boolean test,
    double timeoutScale) {

  /** Copies the list. */
  public BuildOptions {
    platforms = List.copyOf(platforms);
  }
}

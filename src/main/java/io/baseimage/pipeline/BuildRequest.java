package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One build.
 *
 * @param context the build context, a tar file with a {@code Dockerfile} at its top
 * @param name the unique name that the image has until it gets its own
 * @param platform what it must run on; the result is checked against it
 * @param cacheFrom the images whose steps may be taken instead of run anew; empty if any may
 * @param arguments build arguments
 */
public record BuildRequest(
    Path context,
    ImageReference name,
    Platform platform,
    Optional<Set<Digest>> cacheFrom,
    Map<String, String> arguments) {

  /** Copies the collections. */
  public BuildRequest {
    cacheFrom = cacheFrom.map(Set::copyOf);
    arguments = Map.copyOf(arguments);
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.nio.file.Path;
import java.util.Map;

/**
 * One build.
 *
 * @param context the build context, a tar file with a {@code Dockerfile} at its top
 * @param name the unique name that the image has until it gets its own
 * @param platform what it must run on; the result is checked against it
 * @param noCache whether every step runs anew
 * @param arguments build arguments
 */
public record BuildRequest(
    Path context,
    ImageReference name,
    Platform platform,
    boolean noCache,
    Map<String, String> arguments) {

  /** Copies the arguments. */
  public BuildRequest {
    arguments = Map.copyOf(arguments);
  }
}

package io.baseimage.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A command that runs in a container of an image, in place of what the image would run.
 *
 * @param imageId the image
 * @param command the program and its arguments
 * @param network whether it has the network that the steps of a build have, or none
 * @param files what it finds besides the image's files, by absolute path; readable by everybody
 * @param limit when it is killed
 */
public record ContainerCommand(
    String imageId,
    List<String> command,
    boolean network,
    Map<String, byte[]> files,
    Duration limit) {
  /** Enough for what only looks at the image. */
  public static final Duration USUAL_LIMIT = Duration.ofMinutes(2);

  /** Copies the collections. */
  public ContainerCommand {
    command = List.copyOf(command);
    files = Map.copyOf(files);
  }
}

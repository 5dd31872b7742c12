package io.baseimage.contract;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import io.baseimage.image.ImageReference;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an image says that it was built on, as the engine has it.
 *
 * @param id the engine's id of it
 * @param layers the digests of its layers, from the first one up
 * @param created when it was made, if its configuration says so
 */
record BaseImage(String id, List<String> layers, Optional<Instant> created) {
  static final String NAME = "org.opencontainers.image.base.name";
  static final String DIGEST = "org.opencontainers.image.base.digest";

  BaseImage {
    layers = List.copyOf(layers);
  }

  /**
   * The base that an image's labels name by its digest: the registry's, or the engine's own id.
   * Nothing where the engine does not have it; the name alone may mean another one by now.
   */
  static Optional<BaseImage> of(Lab lab) {
    String digest = lab.facts().labels().getOrDefault(DIGEST, "");
    return Stream.of(digest, repository(lab) + "@" + digest)
        .map(name -> find(lab, name))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Whether these layers are the first ones of an image. */
  boolean isBelow(List<String> others) {
    return others.size() >= layers.size() && others.subList(0, layers.size()).equals(layers);
  }

  /** The layers of the image under test. */
  static List<String> layersUnderTest(Lab lab) {
    return find(lab, lab.facts().imageId()).map(BaseImage::layers).orElse(List.of());
  }

  private static String repository(Lab lab) {
    try {
      return ImageReference.parse(lab.facts().labels().getOrDefault(NAME, "")).repository();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** What is no name at all, the engine does not have either. */
  private static Optional<BaseImage> find(Lab lab, String name) {
    try {
      InspectImageResponse image = lab.client().inspectImageCmd(name).exec();
      var rootfs = image.getRootFS();
      List<String> layers = rootfs == null ? null : rootfs.getLayers();
      return Optional.of(
          new BaseImage(
              String.valueOf(image.getId()),
              layers == null ? List.of() : layers,
              created(String.valueOf(image.getCreated()))));
    } catch (DockerException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> created(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

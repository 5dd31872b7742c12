package io.baseimage.engine;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import io.baseimage.image.ImageReference;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The names of images. */
final class Tags {
  private Tags() {}

  static void tag(Connection connection, String imageId, ImageReference reference) {
    connection.ask(
        "name image " + imageId + " " + reference,
        () ->
            connection
                .client()
                .tagImageCmd(
                    imageId, reference.repository(), reference.effectiveTag().orElse("latest"))
                .exec());
  }

  /** Takes a name off; says whether there was one. */
  static boolean untag(Connection connection, ImageReference reference) {
    String name = reference.toString();
    return connection.ask(
        "take the name " + name + " off",
        () -> {
          try {
            remove(connection, name);
            return true;
          } catch (NotFoundException e) {
            return false;
          }
        });
  }

  private static void remove(Connection connection, String name) {
    try {
      connection.client().removeImageCmd(name).exec();
    } catch (ConflictException e) {
      // A container uses the image: by force the name goes, and the image stays for the container.
      connection.client().removeImageCmd(name).withForce(true).exec();
    }
  }

  static List<String> of(Connection connection, String repository) {
    // Not filtered by the engine: its filter takes patterns, and Podman's matches parts of names.
    String wanted = Images.familiar(repository) + ":";
    List<Image> images =
        connection.ask(
            "list the tags of " + repository, () -> connection.client().listImagesCmd().exec());
    return images.stream()
        .map(Image::getRepoTags)
        .filter(Objects::nonNull)
        .flatMap(Arrays::stream)
        .map(Images::familiar)
        .flatMap(name -> tagOf(name, wanted))
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<String> tagOf(String name, String wanted) {
    int colon = name.lastIndexOf(':');
    boolean same = colon == wanted.length() - 1 && name.startsWith(wanted);
    String tag = name.substring(colon + 1);
    return same && !tag.equals("<none>") ? Stream.of(tag) : Stream.empty();
  }
}

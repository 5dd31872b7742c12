package io.baseimage.pipeline;

import io.baseimage.archive.SavedImage;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A Docker-compatible engine, as the pipeline needs it. Every method throws {@link EngineException}
 * when the engine cannot be reached or refuses, and {@link InterruptedRunException} when the thread
 * is interrupted, after the engine was told to stop what it was doing.
 */
public interface Engine extends AutoCloseable {

  /** What it is and where. */
  EngineInfo info();

  /** What its machine has. */
  Capacity capacity();

  /** The image of that name or id, if the engine has it. */
  Optional<EngineImage> find(String nameOrId);

  /** How containers of an image are run unless they are told otherwise. */
  ImageConfiguration configuration(String imageId);

  /**
   * Pulls as the user that these know from now on; before, with what the Docker client's
   * configuration file has.
   */
  void logIn(Registries registries);

  /**
   * Pulls an image from its registry.
   *
   * @throws EngineException of kind {@link EngineException.Kind#NOT_FOUND} when the registry
   *     answers that it has no such image, {@link EngineException.Kind#REGISTRY} when it gives no
   *     usable answer
   */
  EngineImage pull(ImageReference reference, Platform platform, RunLog log);

  /**
   * Loads an image.
   *
   * @param archive a tar file as {@code docker load} reads it, with one image of that name
   * @throws EngineException of kind {@link EngineException.Kind#REFUSED} if the engine does not
   *     take it, {@link EngineException.Kind#PLATFORM} if it makes an image for another platform
   */
  EngineImage load(Path archive, ImageReference name, Platform platform);

  /**
   * Builds an image. When it fails or is interrupted, no container and no name is left.
   *
   * @throws EngineException of kind {@link EngineException.Kind#BUILD} when a step fails
   */
  EngineImage build(BuildRequest request, RunLog log);

  /** Gives an image a further name; a name that another image had moves. */
  void tag(String imageId, ImageReference reference);

  /** Takes a name off; the image goes with its last name. Does nothing if there is no such name. */
  void untag(ImageReference reference);

  /**
   * Reads an image as {@code docker save} writes it.
   *
   * @param reader is given the archive, which is closed after it
   */
  <T> T export(String imageId, Function<InputStream, T> reader);

  /**
   * Unpacks an image.
   *
   * @param folder where its layers go
   * @throws OutputException if the archive cannot be read or the folder not be written to
   */
  default SavedImage unpacked(String imageId, Path folder) {
    return export(
        imageId,
        archive -> {
          try {
            return SavedImage.read(archive, folder);
          } catch (IOException e) {
            throw new OutputException("unpack an image of the engine", folder, e);
          }
        });
  }

  /** Every tag that the engine has of a repository. */
  List<String> tags(String repository);

  /**
   * Images with a label, the newest first.
   *
   * @param label {@code KEY}, or {@code KEY=VALUE}
   */
  List<EngineImage> findByLabel(String label);

  /**
   * Regular files of an image, read from a container that is made for it and never started.
   *
   * @param paths absolute paths of files or folders; what is below a folder is read too
   * @param wanted the absolute paths of the files to keep
   * @return the content by absolute path; a path that the image does not have is left out
   */
  Map<String, byte[]> readFiles(String imageId, List<String> paths, Predicate<String> wanted);

  /** The same for all files. */
  default Map<String, byte[]> readFiles(String imageId, List<String> paths) {
    return readFiles(imageId, paths, path -> true);
  }

  /**
   * Reads the whole file system of an image as a tar, from a container that is made for it and
   * never started.
   *
   * @param reader is given the archive, which is closed after it
   */
  <T> T fileSystem(String imageId, Function<InputStream, T> reader);

  /**
   * Runs a command in a container of an image and waits for its end. The container is killed and
   * removed when the time is over and when the thread is interrupted.
   *
   * @throws EngineException also when the command does not end in its time
   */
  CommandOutput run(ContainerCommand command);

  /**
   * Runs a command in a container of an image, without a network, and waits for its end.
   *
   * @param command the program and its arguments, in place of what the image would run
   */
  default CommandOutput run(String imageId, List<String> command) {
    return run(
        new ContainerCommand(imageId, command, false, Map.of(), ContainerCommand.USUAL_LIMIT));
  }

  @Override
  void close();
}

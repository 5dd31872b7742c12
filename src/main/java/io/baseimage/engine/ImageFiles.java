package io.baseimage.engine;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads files out of images, by containers that are made for it and never started. */
final class ImageFiles {
  /** On the containers that are made to read from: theirs who were cut short can be found by it. */
  static final String LABEL = "io.baseimage.purpose";

  /** As many links as Linux follows in one path. */
  private static final int MOST_LINKS = 40;

  private final Connection connection;

  ImageFiles(Connection connection) {
    this.connection = connection;
  }

  Map<String, byte[]> read(String imageId, List<String> paths, Predicate<String> wanted) {
    return connection.ask(
        "read files of " + imageId,
        () -> {
          String container = create(imageId);
          try {
            Map<String, byte[]> files = new LinkedHashMap<>();
            paths.forEach(path -> read(container, path, wanted, files));
            return files;
          } finally {
            remove(connection, container);
          }
        });
  }

  /** Gives the reader a tar of everything. */
  <T> T all(String imageId, Function<InputStream, T> reader) {
    return connection.ask(
        "read the file system of " + imageId,
        () -> {
          String container = create(imageId);
          try (InputStream stream =
              connection.client().copyArchiveFromContainerCmd(container, "/").exec()) {
            return reader.apply(stream);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            remove(connection, container);
          }
        });
  }

  private String create(String imageId) {
    return connection
        .client()
        .createContainerCmd(imageId)
        // Never run; but an image without a command makes no container without one.
        .withEntrypoint("/never-started")
        .withCmd("-")
        .withLabels(Map.of(LABEL, "read-files"))
        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
        .exec()
        .getId();
  }

  /** Removes a container that was made for one purpose. */
  static void remove(Connection connection, String container) {
    // A container must not stay because the run was interrupted while it was read from.
    boolean interrupted = Thread.interrupted();
    try {
      connection
          .client()
          .removeContainerCmd(container)
          .withForce(true)
          .withRemoveVolumes(true)
          .exec();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void read(
      String container, String path, Predicate<String> wanted, Map<String, byte[]> files) {
    String at = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      Optional<String> target = readOnce(container, path, at, wanted, files);
      if (target.isEmpty()) {
        return;
      }
      at = target.get();
    }
  }

  /** Reads what is at a path, under the name that was asked for; or says where a link leads. */
  private Optional<String> readOnce(
      String container,
      String asked,
      String at,
      Predicate<String> wanted,
      Map<String, byte[]> files) {
    try (InputStream stream =
            connection.client().copyArchiveFromContainerCmd(container, at).exec();
        TarArchiveInputStream tar = new TarArchiveInputStream(stream)) {
      Map<String, byte[]> byName = new LinkedHashMap<>();
      boolean first = true;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (first && entry.isSymbolicLink()) {
          return Optional.of(resolved(at, entry.getLinkName()));
        }
        first = false;
        if (entry.isLink()) {
          byte[] content = byName.get(entry.getLinkName());
          if (content != null) {
            byName.put(entry.getName(), content);
          }
        } else if (entry.isFile() && wanted.test(renamed(asked, entry.getName()))) {
          byName.put(entry.getName(), tar.readAllBytes());
        }
      }
      byName.forEach((name, content) -> files.put(renamed(asked, name), content));
      return Optional.empty();
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EngineException(
          Kind.REFUSED, "Tried to read " + asked + " of an image: " + Failures.reason(e), e);
    }
  }

  /** Where a link at a path leads, within the image. */
  private static String resolved(String at, String target) {
    Path folder = Path.of("/").resolve(at).normalize().resolveSibling(target);
    return folder.normalize().toString();
  }

  /** The archive's names begin with the last part of the path that was asked for. */
  private static String renamed(String asked, String name) {
    String folder = asked.endsWith("/") ? asked.substring(0, asked.length() - 1) : asked;
    int slash = name.indexOf('/');
    return slash < 0 ? folder : folder + name.substring(slash);
  }
}

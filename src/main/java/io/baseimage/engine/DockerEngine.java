package io.baseimage.engine;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Info;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildRequest;
import io.baseimage.pipeline.Capacity;
import io.baseimage.pipeline.CommandOutput;
import io.baseimage.pipeline.ContainerCommand;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.EngineInfo;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** An engine by way of docker-java. */
final class DockerEngine implements Engine {
  private final Connection connection;
  private volatile Optional<Registries> registries = Optional.empty();

  DockerEngine(Connection connection) {
    this.connection = connection;
  }

  @Override
  public EngineInfo info() {
    return connection.info();
  }

  @Override
  public Capacity capacity() {
    Info info = connection.ask("ask for its machine", () -> connection.client().infoCmd().exec());
    return new Capacity(
        Math.max(1, Objects.requireNonNullElse(info.getNCPU(), 1)),
        Objects.requireNonNullElse(info.getMemTotal(), 0L));
  }

  @Override
  public Optional<EngineImage> find(String nameOrId) {
    return connection.ask(
        "look for image " + nameOrId,
        () -> {
          try {
            return Optional.of(Images.image(connection.client().inspectImageCmd(nameOrId).exec()));
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public ImageConfiguration configuration(String imageId) {
    return connection.ask(
        "read the configuration of " + imageId, () -> Images.configuration(connection, imageId));
  }

  @Override
  public void logIn(Registries known) {
    registries = Optional.of(known);
  }

  @Override
  public EngineImage pull(ImageReference reference, Platform platform, RunLog log) {
    return new ImageTransfer(connection)
        .pull(reference, platform, registries.flatMap(each -> each.login(reference)), log);
  }

  @Override
  public EngineImage load(Path archive, ImageReference name, Platform platform) {
    return new ImageTransfer(connection).load(archive, name, platform);
  }

  @Override
  public EngineImage build(BuildRequest request, RunLog log) {
    return new ImageBuild(connection, request, log).run();
  }

  @Override
  public void tag(String imageId, ImageReference reference) {
    Tags.tag(connection, imageId, reference);
  }

  @Override
  public void untag(ImageReference reference) {
    Tags.untag(connection, reference);
  }

  @Override
  public List<String> tags(String repository) {
    return Tags.of(connection, repository);
  }

  @Override
  public List<EngineImage> findByLabel(String label) {
    List<Image> images =
        connection.ask(
            "look for images with the label " + label,
            () -> connection.client().listImagesCmd().withLabelFilter(label).exec());
    return images.stream()
        .map(image -> find(image.getId()))
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(EngineImage::created).reversed())
        .toList();
  }

  @Override
  public <T> T export(String imageId, Function<InputStream, T> reader) {
    return connection.ask(
        "export " + imageId,
        () -> {
          try (InputStream archive = connection.client().saveImageCmd(imageId).exec()) {
            return reader.apply(archive);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public Map<String, byte[]> readFiles(
      String imageId, List<String> paths, Predicate<String> wanted) {
    return new ImageFiles(connection).read(imageId, paths, wanted);
  }

  @Override
  public <T> T fileSystem(String imageId, Function<InputStream, T> reader) {
    return new ImageFiles(connection).all(imageId, reader);
  }

  @Override
  public CommandOutput run(ContainerCommand command) {
    return new CommandRun(connection).run(command);
  }

  @Override
  public void close() {
    connection.close();
  }
}

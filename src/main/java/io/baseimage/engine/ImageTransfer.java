package io.baseimage.engine;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.api.model.ResponseItem.ProgressDetail;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.baseimage.engine.StreamedAnswer.ItemError;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Images that come to the engine from a registry or from a file. */
final class ImageTransfer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NO_SUCH_IMAGE =
      List.of("not found", "manifest unknown", "pull access denied", "no matching manifest");

  private final Connection connection;

  ImageTransfer(Connection connection) {
    this.connection = connection;
  }

  EngineImage pull(ImageReference reference, Platform platform, RunLog log) {
    String doing = "pull " + reference + " for " + platform;
    String tag =
        reference.digest() == null
            ? reference.effectiveTag().orElse("latest")
            : reference.digest().toString();
    LayerProgress progress = new LayerProgress("Pulling " + reference, log);
    Optional<ItemError> error;
    try {
      StreamedAnswer<PullResponseItem> answer = new StreamedAnswer<>(progress::accept);
      connection
          .client()
          .pullImageCmd(reference.repository())
          .withTag(tag)
          .withPlatform(platform.toString())
          .exec(answer);
      error = answer.await(connection);
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    } catch (DockerException e) {
      error = Optional.of(new ItemError(Failures.message(e), 0));
    } catch (RuntimeException e) {
      throw Failures.of(doing, connection.endpoint(), e);
    }
    error.ifPresent(
        seen -> {
          throw notPulled(doing, seen.message());
        });
    EngineImage image = inspect(doing, reference.toString());
    requirePlatform(doing, image, platform);
    return image;
  }

  private static EngineException notPulled(String doing, String message) {
    String text = message.toLowerCase(Locale.ROOT);
    Kind kind = NO_SUCH_IMAGE.stream().anyMatch(text::contains) ? Kind.NOT_FOUND : Kind.REGISTRY;
    String advice = "";
    if (Failures.noSpace(text)) {
      kind = Kind.NO_SPACE;
      advice = ". " + Failures.NO_SPACE_ADVICE;
    } else if (text.contains("toomanyrequests")) {
      advice = ". Log in to the registry, or wait until its limit is over.";
    }
    String who = kind == Kind.NOT_FOUND ? ", but there is no such image: " : ", but: ";
    return new EngineException(kind, "Tried to " + doing + who + message + advice);
  }

  /** The bytes of all layers together. */
  private static final class LayerProgress {
    private final String what;
    private final RunLog log;
    private final Map<String, ProgressDetail> layers = new HashMap<>();

    LayerProgress(String what, RunLog log) {
      this.what = what;
      this.log = log;
    }

    void accept(ResponseItem item) {
      ProgressDetail detail = item.getProgressDetail();
      if (item.getId() == null
          || detail == null
          || detail.getTotal() == null
          || detail.getCurrent() == null
          || !"Downloading".equals(item.getStatus())) {
        return;
      }
      layers.put(item.getId(), detail);
      log.progress(
          what,
          layers.values().stream().mapToLong(ProgressDetail::getCurrent).sum(),
          layers.values().stream().mapToLong(ProgressDetail::getTotal).sum());
    }
  }

  EngineImage importRootfs(
      Path rootfs, ImageReference reference, Platform platform, List<String> changes) {
    String doing = "import " + rootfs + " as " + reference;
    StringBuilder path =
        new StringBuilder(connection.pathPrefix())
            .append("/images/create?fromSrc=-&platform=")
            .append(encoded(platform.toString()));
    changes.forEach(change -> path.append("&changes=").append(encoded(change)));
    // Named afterwards: Podman calls every import "latest".
    String id = upload(doing, path.toString(), rootfs);
    EngineImage image = inspect(doing, id);
    if (image.platform().equals(platform)) {
      Tags.tag(connection, id, reference);
      return inspect(doing, id);
    }
    EngineImage relabelled = new ForeignImage(connection).relabel(image, reference, platform);
    requirePlatform(doing, relabelled, platform);
    return relabelled;
  }

  /** Sends a root file system; the answer ends with the id of the image that it became. */
  private String upload(String doing, String path, Path rootfs) {
    AtomicReference<@Nullable String> id = new AtomicReference<>();
    try (InputStream body = Files.newInputStream(rootfs)) {
      StreamedAnswer<ResponseItem> answer =
          new StreamedAnswer<>(
              item -> {
                String status = item.getStatus();
                if (status != null && status.startsWith("sha256:")) {
                  id.set(status.strip());
                }
              });
      post(path, body, answer);
      answer
          .await(connection)
          .ifPresent(
              error -> {
                throw new DockerException(error.message(), 500);
              });
      return Optional.ofNullable(id.get())
          .orElseThrow(
              () ->
                  new EngineException(
                      Kind.REFUSED, "Tried to " + doing + ", but the engine gave no id."));
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    } catch (IOException e) {
      throw new EngineException(Kind.REFUSED, "Tried to " + doing + ": " + e, e);
    } catch (RuntimeException e) {
      throw Failures.of(doing, connection.endpoint(), e);
    }
  }

  /**
   * Sends a body and streams the answer. docker-java has a command for it, which sends the file as
   * if it were JSON (its issue 2377).
   */
  private void post(String path, InputStream body, StreamedAnswer<ResponseItem> answer) {
    Request request =
        Request.builder()
            .method(Request.Method.POST)
            .path(path)
            .putHeader("content-type", "application/x-tar")
            .body(body)
            .build();
    Thread thread =
        new Thread(
            () -> {
              try (Response response = connection.http().execute(request)) {
                answer.onStart(response);
                items(response, answer);
                answer.onComplete();
              } catch (IOException | RuntimeException e) {
                answer.onError(e);
              }
            },
            "engine-upload");
    thread.setDaemon(true);
    thread.start();
  }

  private static void items(Response response, StreamedAnswer<ResponseItem> answer)
      throws IOException {
    if (response.getStatusCode() != 200) {
      throw new DockerException(
          new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8),
          response.getStatusCode());
    }
    try (MappingIterator<ResponseItem> items =
        JSON.readerFor(ResponseItem.class).readValues(response.getBody())) {
      while (items.hasNextValue()) {
        answer.onNext(items.nextValue());
      }
    }
  }

  private EngineImage inspect(String doing, String nameOrId) {
    return connection.ask(
        doing, () -> Images.image(connection.client().inspectImageCmd(nameOrId).exec()));
  }

  private void requirePlatform(String doing, EngineImage image, Platform platform) {
    if (!image.platform().equals(platform)) {
      throw new EngineException(
          Kind.PLATFORM,
          "Tried to " + doing + ", but the engine has it for " + image.platform() + ".");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

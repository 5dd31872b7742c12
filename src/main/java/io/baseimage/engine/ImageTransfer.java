package io.baseimage.engine;

import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.LoadResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.api.model.ResponseItem.ProgressDetail;
import io.baseimage.engine.StreamedAnswer.ItemError;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RegistryLogin;
import io.baseimage.pipeline.RunLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Images that come to the engine from a registry or from a file. */
final class ImageTransfer {
  private static final List<String> NO_SUCH_IMAGE =
      List.of("not found", "manifest unknown", "pull access denied", "no matching manifest");

  private final Connection connection;

  ImageTransfer(Connection connection) {
    this.connection = connection;
  }

  EngineImage pull(
      ImageReference reference, Platform platform, Optional<RegistryLogin> login, RunLog log) {
    String doing = "pull " + reference + " for " + platform;
    String tag =
        reference.digest() == null
            ? reference.effectiveTag().orElse("latest")
            : reference.digest().toString();
    LayerProgress progress = new LayerProgress("Pulling " + reference, log);
    Optional<ItemError> error;
    try {
      StreamedAnswer<PullResponseItem> answer = new StreamedAnswer<>(progress::accept);
      PullImageCmd pull =
          connection
              .client()
              .pullImageCmd(reference.repository())
              .withTag(tag)
              .withPlatform(platform.toString());
      login.ifPresent(user -> pull.withAuthConfig(authorization(user)));
      pull.exec(answer);
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

  private static AuthConfig authorization(RegistryLogin login) {
    AuthConfig config = new AuthConfig().withRegistryAddress(login.server());
    return login.identityToken()
        ? config.withIdentityToken(login.secret())
        : config.withUsername(login.username()).withPassword(login.secret());
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

  EngineImage load(Path archive, ImageReference name, Platform platform) {
    String doing = "load " + name + " for " + platform;
    try (InputStream body = Files.newInputStream(archive)) {
      StreamedAnswer<LoadResponseItem> answer = new StreamedAnswer<>(item -> {});
      connection.client().loadImageAsyncCmd(body).exec(answer);
      answer
          .await(connection)
          .ifPresent(
              error -> {
                throw new EngineException(
                    Failures.noSpace(error.message()) ? Kind.NO_SPACE : Kind.REFUSED,
                    "Tried to " + doing + ", but the engine does not take it: " + error.message());
              });
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    } catch (IOException e) {
      throw new EngineException(Kind.REFUSED, "Tried to " + doing + ": " + e, e);
    } catch (RuntimeException e) {
      throw Failures.of(doing, connection.endpoint(), e);
    }
    EngineImage image = inspect(doing, name.toString());
    requirePlatform(doing, image, platform);
    return image;
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
}

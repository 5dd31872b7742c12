package io.baseimage.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.api.model.VersionComponent;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A connection to an engine that answered, with the API version agreed upon. */
final class Connection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** What an engine has to answer a ping within. */
  private static final Duration PING = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final DockerHttpClient http;
  private final DockerClient client;
  private final ApiVersion apiVersion;
  private final EngineInfo info;

  private Connection(
      Endpoint endpoint, DockerHttpClient http, DockerClient client, ApiVersion apiVersion)
      throws Silence {
    this.endpoint = endpoint;
    this.http = http;
    this.client = client;
    this.apiVersion = apiVersion;
    this.info = describe(endpoint, version(client), apiVersion);
  }

  /**
   * Connects.
   *
   * @param dockerConfiguration the folder of the Docker client's configuration, for the registries'
   *     credentials in it
   * @throws Silence when nothing usable answers
   */
  static Connection open(Endpoint endpoint, Path dockerConfiguration) throws Silence {
    ZerodepDockerHttpClient.Builder builder =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(endpoint.address().uri())
            .connectionTimeout(CONNECT);
    if (endpoint.certificates().isPresent()) {
      builder.sslConfig(new LocalDirectorySSLConfig(endpoint.certificates().get().toString()));
    } else if (endpoint.address().socketFile().isPresent()) {
      // Over TCP any configuration, this one too, would mean that the engine is to speak TLS.
      builder.sslConfig(new NoEncryption());
    }
    DockerHttpClient http = builder.build();
    boolean opened = false;
    try {
      ApiVersion version = negotiate(ping(http));
      DefaultDockerClientConfig.Builder configuration =
          new DefaultDockerClientConfig.Builder()
              .withDockerHost(endpoint.address().uri().toString())
              .withDockerTlsVerify(endpoint.certificates().isPresent())
              .withApiVersion(version.toString());
      endpoint
          .certificates()
          .ifPresent(folder -> configuration.withDockerCertPath(folder.toString()));
      if (Files.isRegularFile(dockerConfiguration.resolve("config.json"))) {
        configuration.withDockerConfig(dockerConfiguration.toString());
      }
      DockerClient client = DockerClientImpl.getInstance(configuration.build(), http);
      Connection connection = new Connection(endpoint, http, client, version);
      opened = true;
      return connection;
    } catch (RuntimeException e) {
      throw Failures.isNoJson(e)
          ? noEngine(Failures.reason(e))
          : new Silence(Failures.reason(e), e);
    } finally {
      if (!opened) {
        closeQuietly(http);
      }
    }
  }

  /** The engine's own API version, as its ping says. */
  private static String ping(DockerHttpClient http) throws Silence {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              Request request = Request.builder().method(Request.Method.GET).path("/_ping").build();
              try (Response response = http.execute(request)) {
                if (response.getStatusCode() == 200) {
                  answer.complete(header(response, "Api-Version"));
                } else {
                  answer.completeExceptionally(
                      new IOException("it answered with status " + response.getStatusCode()));
                }
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            },
            "engine-ping");
    thread.setDaemon(true);
    thread.start();
    try {
      return answer.get(PING.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Silence("no answer within " + PING.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new Silence(Failures.reason(e), e);
    } catch (InterruptedException e) {
      throw Failures.interruption("reach an engine");
    }
  }

  private static String header(Response response, String name) {
    for (Map.Entry<String, List<String>> header : response.getHeaders().entrySet()) {
      if (name.equalsIgnoreCase(header.getKey()) && !header.getValue().isEmpty()) {
        return header.getValue().get(0);
      }
    }
    return "";
  }

  private static ApiVersion negotiate(String announced) throws Silence {
    ApiVersion theirs =
        ApiVersion.parse(announced)
            .orElseThrow(() -> noEngine("its answer to a ping does not say which version of it"));
    if (theirs.compareTo(ApiVersion.OLDEST) < 0) {
      throw new Silence(
          "it speaks Docker API "
              + theirs
              + ", and at least "
              + ApiVersion.OLDEST
              + " is needed (Docker Engine 20.10 or newer)",
          null);
    }
    return theirs.compareTo(ApiVersion.NEWEST) > 0 ? ApiVersion.NEWEST : theirs;
  }

  private static Version version(DockerClient client) throws Silence {
    Version version = client.versionCmd().exec();
    if (version == null || version.getVersion() == null || version.getArch() == null) {
      throw noEngine("its answer on its version names no version or no architecture");
    }
    return version;
  }

  private static Silence noEngine(String seen) {
    return new Silence("what answers does not speak Docker's API (" + seen + ")", null);
  }

  private static EngineInfo describe(Endpoint endpoint, Version version, ApiVersion spoken) {
    List<VersionComponent> components =
        Optional.ofNullable(version.getComponents()).orElse(List.of());
    boolean podman =
        components.stream().anyMatch(part -> String.valueOf(part.getName()).contains("Podman"));
    return new EngineInfo(
        podman ? "Podman Engine" : "Docker Engine",
        version.getVersion(),
        spoken.toString(),
        endpoint.toString(),
        endpoint.foundBy(),
        Platform.parse(
            Optional.ofNullable(version.getOperatingSystem()).orElse("linux")
                + "/"
                + version.getArch()));
  }

  Endpoint endpoint() {
    return endpoint;
  }

  DockerClient client() {
    return client;
  }

  /** For what docker-java has no command for. */
  DockerHttpClient http() {
    return http;
  }

  /** What paths of raw requests begin with, for example {@code /v1.41}. */
  String pathPrefix() {
    return "/v" + apiVersion;
  }

  EngineInfo info() {
    return info;
  }

  /** Whether the engine answers a ping now. */
  boolean answers() {
    try {
      ping(http);
      return true;
    } catch (Silence e) {
      return false;
    }
  }

  /** Makes a call, with whatever it throws put into the pipeline's words. */
  <T> T ask(String doing, Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw Failures.of(doing, endpoint, e);
    }
  }

  /** Where the engine keeps its data, if it says so. */
  Optional<String> dataRoot() {
    try {
      return Optional.ofNullable(client.infoCmd().exec().getDockerRootDir());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closeQuietly(http);
  }

  private static void closeQuietly(DockerHttpClient http) {
    try {
      http.close();
    } catch (IOException e) {
      throw new EngineException(Kind.REFUSED, "Tried to end the connection with the engine.", e);
    }
  }
}

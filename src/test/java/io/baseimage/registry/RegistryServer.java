package io.baseimage.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The real docker-registry, on this machine only, with its data in a folder. */
public final class RegistryServer implements AutoCloseable {
  public static final String USER = "joe";
  public static final String PASSWORD = "secret";
  // bcrypt of the password, as htpasswd -B writes it.
  private static final String HTPASSWD =
      USER + ":$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
  private static final Duration STARTING = Duration.ofSeconds(20);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final Path log;

  /**
   * Whom the server lets in, in its configuration's words.
   *
   * @param http settings of its HTTP, each in a line
   * @param auth whole sections
   */
  record Doors(String http, String auth) {
    static final Doors OPEN = new Doors("", "");

    static Doors basic(Path folder) throws IOException {
      Path file = Files.writeString(folder.resolve("htpasswd"), HTPASSWD + "\n");
      return new Doors(
          "",
          """
          auth:
            htpasswd:
              realm: test
              path: %s
          """
              .formatted(file));
    }

    static Doors bearer(TokenServer tokens) {
      return bearer(tokens, tokens.realm());
    }

    /** With another address of the token server. */
    static Doors bearer(TokenServer tokens, String realm) {
      return new Doors(
          "",
          """
          auth:
            token:
              realm: %s
              service: %s
              issuer: %s
              rootcertbundle: %s
          """
              .formatted(realm, TokenServer.SERVICE, TokenServer.ISSUER, tokens.certificate()));
    }

    /** The same with TLS. */
    Doors encrypted(Path certificate, Path key) {
      return new Doors("tls: {certificate: " + certificate + ", key: " + key + "}", auth);
    }

    /** The same, but who reads a blob is sent to somebody else. */
    Doors readElsewhere(String url) {
      return new Doors(
          http,
          auth + "\nmiddleware: {storage: [{name: redirect, options: {baseurl: '" + url + "'}}]}");
    }
  }

  /** Where it keeps what it gets. */
  enum Storage {
    DISK,
    /** Several times as quick. */
    MEMORY;

    String setting(Path folder) {
      return this == MEMORY
          ? "inmemory: {}"
          : "filesystem: {rootdirectory: " + folder.resolve("data") + "}";
    }
  }

  /** One that lets everybody in and keeps everything in the folder. */
  public static RegistryServer open(Path folder, boolean delete) throws IOException {
    return new RegistryServer(folder, Storage.DISK, Doors.OPEN, delete);
  }

  /** One that lets in those who know the password. */
  public static RegistryServer closed(Path folder) throws IOException {
    return new RegistryServer(folder, Storage.DISK, Doors.basic(folder), true);
  }

  /** One that speaks TLS, and lets in those who know the password. */
  public static RegistryServer encrypted(Path folder, Path certificate, Path key)
      throws IOException {
    return new RegistryServer(
        folder, Storage.DISK, Doors.basic(folder).encrypted(certificate, key), false);
  }

  /** Starts one and waits until it answers. */
  RegistryServer(Path folder, Storage storage, Doors doors, boolean delete) throws IOException {
    this.port = freePort();
    this.log = folder.resolve("registry.log");
    Path configuration =
        Files.writeString(
            folder.resolve("config.yml"),
            """
            version: 0.1
            log:
              level: warn
              accesslog:
                disabled: true
            storage:
              %s
              delete:
                enabled: %s
            http:
              addr: 127.0.0.1:%d
              relativeurls: true
              %s
            %s
            """
                .formatted(storage.setting(folder), delete, port, doors.http(), doors.auth()));
    this.process =
        new ProcessBuilder("docker-registry", "serve", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitAnswer();
  }

  /** The port on loopback. */
  public int port() {
    return port;
  }

  /** The address as part of an image's name. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the server without any of the code under test. */
  public HttpResponse<byte[]> raw(String method, String path, String... headers) {
    return raw(port, method, path, headers);
  }

  static HttpResponse<byte[]> raw(int port, String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + STARTING.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        raw("GET", "/v2/");
        return;
      } catch (java.io.UncheckedIOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    close();
    throw new IllegalStateException(
        String.format(Locale.ROOT, "docker-registry did not start: %s", Files.readString(log)));
  }
}

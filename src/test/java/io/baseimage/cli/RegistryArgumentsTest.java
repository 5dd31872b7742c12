package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Two registries in one run, both of which ask who one is and let everybody in who says it. */
final class RegistryArgumentsTest {
  private static final byte[] CONFIG =
      bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{}}");
  private static final byte[] MANIFEST =
      bytes(
          """
          {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":
           {"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
           "layers":[]}
          """
              .formatted(Digest.of(CONFIG), CONFIG.length));

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();

  /** Who was sent a password. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private String first = "";
  private String second = "";

  @BeforeEach
  void serve() throws IOException {
    first = server();
    second = server();
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  private String server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String host = "127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestHeaders().containsKey("Authorization")) {
            told.add(host);
            answer(exchange);
          } else {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=x");
            exchange.sendResponseHeaders(401, -1);
          }
          exchange.close();
        });
    server.start();
    servers.add(server);
    return host;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body =
        path.endsWith("/manifests/1")
            ? MANIFEST
            : path.endsWith("/blobs/" + Digest.of(CONFIG)) ? CONFIG : new byte[0];
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void diff(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("diff", "docker://" + first + "/joe/x:1", "docker://" + second + "/joe/x:1"));
    arguments.addAll(List.of(options));
    CommandLineProgram.run(
        new Surroundings(
            environment,
            folder.resolve("home"),
            folder,
            Path.of("").toAbsolutePath(),
            folder.resolve("tmp"),
            false,
            Optional.empty(),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            Clock.systemUTC()),
        arguments.toArray(String[]::new));
  }

  private void logIn() {
    environment.put("BASEIMAGE_REGISTRY_USERNAME", "joe");
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", "secret");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void diffWhenEnvironmentNamesNoRegistryTellsThePasswordToTheFirst() {
    logIn();
    diff();
    assertThat(told).containsExactly(first);
  }

  @Test
  void diffWhenEnvironmentNamesAnotherRegistryTellsNobodyThePassword() {
    logIn();
    environment.put("BASEIMAGE_REGISTRY", "registry.example");
    diff();
    assertThat(told).isEmpty();
  }

  @Test
  void diffWhenEnvironmentNamesTheRegistryTellsItThePassword() {
    logIn();
    environment.put("BASEIMAGE_REGISTRY", first);
    diff();
    assertThat(told).containsExactly(first);
  }

  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void diffWhenPasswordComesFromStandardInputTellsItToTheFirst() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bytes("secret\n")));
    try {
      diff("--username", "joe", "--password-stdin");
    } finally {
      System.setIn(before);
    }
    assertThat(told).containsExactly(first);
  }
}

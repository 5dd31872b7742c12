package io.baseimage.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As much of a registry as the commands have to meet for their classes to be loaded. */
final class WarmUpRegistry implements AutoCloseable {
  private static final String MANIFESTS = "/manifests/";
  private static final String MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
      "config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,\
      "digest":"%s"},"layers":[],"annotations":{"org.opencontainers.image.version":"%s"}}""";

  private final HttpServer server;
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

  /** A repository in which a variant has two versions. */
  WarmUpRegistry(String variant) throws IOException {
    for (String version : new String[] {"2026.01-000", "2026.01-001"}) {
      byte[] manifest =
          MANIFEST
              .formatted(Digest.of("{}".getBytes(StandardCharsets.UTF_8)), version)
              .getBytes(StandardCharsets.UTF_8);
      manifests.put(variant + "-" + version, manifest);
      manifests.put(variant, manifest);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/", this::answer);
    server.start();
  }

  /** The repository's name. */
  String repository() {
    return "localhost:" + server.getAddress().getPort() + "/warm/up";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (path.endsWith("/tags/list")) {
      send(
          exchange,
          200,
          "{\"tags\":[\"%s\"]}"
              .formatted(String.join("\",\"", manifests.keySet()))
              .getBytes(StandardCharsets.UTF_8));
    } else if (!path.contains(MANIFESTS)) {
      // There are all blobs that are asked for.
      send(exchange, 200, new byte[0]);
    } else {
      manifest(exchange, path.substring(path.indexOf(MANIFESTS) + MANIFESTS.length()), body);
    }
  }

  private void manifest(HttpExchange exchange, String name, byte[] body) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        manifests.put(name, body);
        send(exchange, 201, new byte[0]);
      }
      case "DELETE" -> {
        manifests.values().removeIf(one -> Digest.of(one).toString().equals(name));
        send(exchange, 202, new byte[0]);
      }
      default -> {
        byte[] manifest = manifests.get(name);
        if (manifest == null) {
          send(exchange, 404, new byte[0]);
        } else {
          exchange
              .getResponseHeaders()
              .add("Docker-Content-Digest", Digest.of(manifest).toString());
          send(exchange, 200, manifest);
        }
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      boolean without = head || body.length == 0;
      if (head) {
        exchange.getResponseHeaders().add("Content-Length", String.valueOf(body.length));
      }
      exchange.sendResponseHeaders(status, without ? -1 : body.length);
      if (!without) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

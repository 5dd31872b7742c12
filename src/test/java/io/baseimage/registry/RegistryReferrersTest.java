package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registries that list what refers to a manifest, and those that do not know the question. */
final class RegistryReferrersTest {
  private final Repositories repositories = new Repositories();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<FaultProxy> fronts = new ArrayList<>();

  @Test
  void referrersAreReadPageByPage() throws Exception {
    String entry =
        """
        {"manifests": [{"digest": "sha256:%s", "artifactType": "a/%s", "annotations": {"k": "v"}},
          {"digest": "odd"}]}
        """;
    String host =
        serve(
            exchange -> {
              boolean first = exchange.getRequestURI().getQuery() == null;
              say(
                  exchange,
                  200,
                  entry.formatted((first ? "a" : "b").repeat(64), first ? "one" : "two"),
                  "Link",
                  first ? "</v2/joe/x/referrers/next?page=2>; rel=\"next\"" : "");
            });

    assertThat(open(host).referrers(Digest.of(bytes("x"))).orElseThrow())
        .containsExactly(
            new Referrer(new Digest("a".repeat(64)), "a/one", Map.of("k", "v")),
            new Referrer(new Digest("b".repeat(64)), "a/two", Map.of("k", "v")));
  }

  @Test
  void referrersAreNotListedWhereThePathIsUnknown() throws Exception {
    for (int status : List.of(400, 404, 405, 501)) {
      String host = serve(exchange -> say(exchange, status, "no such thing"));
      assertThat(open(host).referrers(Digest.of(bytes("x")))).isEmpty();
    }
    String page = serve(exchange -> say(exchange, 200, "<html>Welcome</html>"));
    assertThat(open(page).referrers(Digest.of(bytes("x")))).isEmpty();
    String refusing = serve(exchange -> say(exchange, 403, "no"));
    assertThatThrownBy(() -> open(refusing).referrers(Digest.of(bytes("x"))))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
  }

  private String serve(HttpHandler answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          answer.handle(exchange);
          exchange.close();
        });
    server.start();
    servers.add(server);
    // Java's own server waits for the rest of a TLS greeting; this one refuses it.
    FaultProxy front = new FaultProxy(server.getAddress().getPort());
    fronts.add(front);
    return front.host();
  }

  @AfterEach
  void stop() throws IOException {
    for (FaultProxy front : fronts) {
      front.close();
    }
    servers.forEach(server -> server.stop(0));
  }

  private Registry open(String host) {
    return repositories.open(host + "/joe/x", Optional.empty(), Retries.USUAL);
  }

  private static void say(HttpExchange exchange, int status, String body, String... headers)
      throws IOException {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
    }
    byte[] bytes = bytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}

package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries that do what the real one of the other tests does not. */
final class RegistryStrangersTest {
  private final Repositories repositories = new Repositories();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<FaultProxy> fronts = new ArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /** What a server does with a request. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private String serve(String name, Answer answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.getRequestBody().readAllBytes();
          seen.add(
              name
                  + " "
                  + exchange.getRequestMethod()
                  + (authorization == null ? "" : " authorized"));
          answer.to(exchange);
          exchange.close();
        });
    server.start();
    servers.add(server);
    // Java's own server waits for the rest of a TLS greeting; this one refuses it.
    FaultProxy front = new FaultProxy(server.getAddress().getPort());
    fronts.add(front);
    return front.host();
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
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @AfterEach
  void stop() throws IOException {
    for (FaultProxy front : fronts) {
      front.close();
    }
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void credentialsStayAtHomeWhenUploadsGoElsewhere() throws Exception {
    String store =
        serve(
            "store",
            exchange -> say(exchange, 201, "", "Location", exchange.getRequestURI().toString()));
    String host =
        serve(
            "registry",
            exchange -> {
              if (exchange.getRequestHeaders().containsKey("Authorization")) {
                say(exchange, 202, "", "Location", "http://" + store + "/up?secret=1");
              } else {
                say(exchange, 401, "", "WWW-Authenticate", "Basic realm=x");
              }
            });
    byte[] blob = bytes("blob");

    repositories
        .open(host + "/joe/x", Optional.of(Repositories.joe()), Retries.USUAL)
        .upload(Digest.of(blob), blob.length, ContentSource.of(blob), sent -> {});

    assertThat(seen)
        .containsExactly(
            "registry GET",
            "registry POST",
            "registry POST authorized",
            "store PATCH",
            "store PUT");
  }

  @Test
  void credentialsStayAtHomeWhenBlobsComeFromElsewhere() throws Exception {
    byte[] blob = bytes("blob");
    String store = serve("store", exchange -> say(exchange, 200, "blob"));
    String host =
        serve(
            "registry",
            exchange -> {
              if (exchange.getRequestHeaders().containsKey("Authorization")) {
                say(exchange, 307, "", "Location", "http://" + store + "/down?secret=1");
              } else {
                say(exchange, 401, "", "WWW-Authenticate", "Basic realm=x");
              }
            });

    assertThat(
            repositories
                .open(host + "/joe/x", Optional.of(Repositories.joe()), Retries.USUAL)
                .blob(Digest.of(blob), 100))
        .isEqualTo(blob);

    // After a greeting.
    assertThat(seen)
        .containsExactly("registry GET", "registry GET", "registry GET authorized", "store GET");
  }

  /** A registry whose tokens are the scopes that were asked for, and which has its own taste. */
  private String serveByTokens(String challenged, Predicate<String> taken) throws IOException {
    return serve(
        "registry",
        exchange -> {
          String token =
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                  .replaceFirst("^Bearer ", "");
          if (exchange.getRequestURI().getPath().equals("/token")) {
            String asked = exchange.getRequestURI().getQuery().replaceAll("&?scope=", " ").strip();
            seen.add("asked " + asked);
            say(exchange, 200, "{\"token\":\"" + asked.replace(' ', '+') + "\"}");
          } else if (taken.test(token)) {
            say(exchange, 202, "", "Location", "/v2/up");
          } else {
            String realm = "http://" + exchange.getRequestHeaders().getFirst("Host") + "/token";
            say(
                exchange,
                401,
                "",
                "WWW-Authenticate",
                "Bearer realm=\""
                    + realm
                    + "\",scope=\""
                    + challenged
                    + "\""
                    + (token.equals("null") ? "" : ",error=\"insufficient_scope\""));
          }
        });
  }

  private List<String> asked() {
    return seen.stream().filter(line -> line.startsWith("asked ")).distinct().toList();
  }

  @Test
  void deleteWhenTheRegistryFailsAtItSaysNoAfterTheSecondTry() throws IOException {
    String host =
        serve(
            "failing",
            exchange ->
                say(exchange, exchange.getRequestMethod().equals("DELETE") ? 500 : 200, ""));

    assertThat(open(host).delete(Digest.of(new byte[0]))).isFalse();
    assertThat(seen).filteredOn(request -> request.equals("failing DELETE")).hasSize(2);
  }

  @Test
  void mountWhenTheRegistryFailsAtItSaysNoAfterTheSecondTry() throws IOException {
    String host =
        serve(
            "failing",
            exchange -> say(exchange, exchange.getRequestMethod().equals("POST") ? 500 : 200, ""));

    assertThat(open(host).mount(Digest.of(new byte[0]), ImageReference.parse(host + "/joe/y")))
        .isFalse();
    assertThat(seen).filteredOn(request -> request.equals("failing POST")).hasSize(2);
  }

  private void checkWriteAccess(String host) {
    repositories
        .open(host + "/joe/x", Optional.of(Repositories.joe()), Retries.USUAL)
        .checkWriteAccess();
  }

  @Test
  void tokenIsForTheRequestTooWhenChallengeNamesAnything() throws Exception {
    checkWriteAccess(
        serveByTokens(
            "repository:joe/x:pull",
            token -> token.matches("repository:joe/x:(pull,push|delete,pull)")));

    assertThat(asked())
        .containsExactly("asked repository:joe/x:pull,push", "asked repository:joe/x:delete,pull");
  }

  @Test
  void tokenIsForAllThatTheChallengeNamesWhenItIsMore() throws Exception {
    checkWriteAccess(
        serveByTokens(
            "repository:joe/x:push,pull repository:user/image:pull",
            token -> token.contains("+repository:user/image:pull")));

    assertThat(asked()).contains("asked repository:joe/x:pull,push repository:user/image:pull");
  }

  @Test
  void tokenIsForTheRequestAloneWhenOneForMoreIsRejected() throws Exception {
    checkWriteAccess(
        serveByTokens(
            "repository:user/image:pull",
            token -> token.startsWith("repository:joe/x:") && !token.contains("user/image")));

    assertThat(asked())
        .startsWith(
            "asked repository:joe/x:pull,push repository:user/image:pull",
            "asked repository:joe/x:pull,push");
  }

  @Test
  void refusalNamesTheRightsWhenTokensAreNeverEnough() throws Exception {
    String host = serveByTokens("repository:user/image:pull", token -> false);

    assertThatThrownBy(() -> checkWriteAccess(host))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
        .hasMessageContaining("do not allow that");
    assertThat(asked()).hasSize(2);
  }

  @Test
  void refusalDoesNotMissCredentialsThatThereAreWhenNothingAskedForThem() throws Exception {
    String host = serve("registry", exchange -> say(exchange, 401, ""));

    assertThatThrownBy(() -> checkWriteAccess(host))
        .hasMessageContaining("does not take the credentials")
        .message()
        .doesNotContain("no credentials");
  }

  @Test
  void blobFailsWhenItWouldComeInTheClear() throws Exception {
    String host =
        serve(
            "registry",
            exchange -> say(exchange, 307, "", "Location", "http://store.example/down?secret=1"));

    assertThatThrownBy(() -> open(host).blob(Digest.of(bytes("blob")), 100))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .hasMessageContaining("plain HTTP")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void uploadFailsWhenItWouldGoOutInTheClear() throws Exception {
    String host =
        serve(
            "registry",
            exchange ->
                say(
                    exchange,
                    exchange.getRequestMethod().equals("HEAD") ? 404 : 202,
                    "",
                    "Location",
                    "http://store.example/up?secret=1"));
    byte[] blob = bytes("blob");

    assertThatThrownBy(
            () ->
                open(host).upload(Digest.of(blob), blob.length, ContentSource.of(blob), sent -> {}))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .hasMessageContaining("plain HTTP")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void tagsAreAllThereWhenTheyComeInPages() throws Exception {
    String host =
        serve(
            "registry",
            exchange -> {
              String query = exchange.getRequestURI().getQuery();
              switch (query) {
                case "n=1000" ->
                    say(
                        exchange,
                        200,
                        "{\"tags\":[\"a\",\"b\"]}",
                        "Link",
                        "</v2/joe/x/tags/list?n=2&last=b>; rel=\"next\"");
                case "n=2&last=b" ->
                    say(exchange, 200, "{\"tags\":[\"c\"]}", "Link", "<?n=2&last=c>; rel=next");
                default -> say(exchange, 200, "{\"name\":\"joe/x\",\"tags\":null}");
              }
            });

    assertThat(open(host).tags()).containsExactly("a", "b", "c");
  }

  @Test
  void tagsFailWhenPagesLeadInACircle() throws Exception {
    String host =
        serve(
            "registry",
            exchange ->
                say(exchange, 200, "{\"tags\":[\"a\"]}", "Link", "<?n=1000>; rel=\"next\""));

    assertThatThrownBy(() -> open(host).tags()).hasMessageContaining("circle");
  }

  @Test
  void tagsFailWhenItIsNoRegistry() throws Exception {
    String host = serve("other", exchange -> say(exchange, 404, "<html>"));

    assertThatThrownBy(() -> open(host).tags())
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 Docker-Distribution-Api-Version: registry/2.0",
        "401 WWW-Authenticate: Basic realm=x",
        "401 WWW-Authenticate: Bearer realm=\"https://registry.example/token\""
      })
  void tagsAreNoneWhenRegistryHasNoWordForThat(String greeting) throws Exception {
    String[] parts = greeting.split("[ :]+", 3);
    String host =
        serve(
            "registry",
            exchange -> {
              if (exchange.getRequestURI().getPath().equals("/v2/")) {
                say(exchange, Integer.parseInt(parts[0]), "", parts[1], parts[2]);
              } else {
                say(exchange, 404, "<html>");
              }
            });

    assertThat(open(host).tags()).isEmpty();
  }

  @Test
  void digestIsReckonedWhenRegistryDoesNotSayIt() throws Exception {
    String host =
        serve(
            "registry",
            exchange ->
                say(
                    exchange,
                    200,
                    exchange.getRequestMethod().equals("HEAD") ? "" : "{\"mediaType\":\"a/b\"}"));
    Registry registry = open(host);

    assertThat(registry.digest("1")).contains(Digest.of(bytes("{\"mediaType\":\"a/b\"}")));
    assertThat(registry.manifest("1").orElseThrow().mediaType()).isEqualTo("a/b");
  }

  @Test
  void putFailsWhenRegistryStoresSomethingElse() throws Exception {
    String other = Digest.of(bytes("other")).toString();
    // Nothing is of that name before.
    AtomicInteger there = new AtomicInteger(404);
    String host =
        serve(
            "registry",
            exchange -> {
              boolean put = exchange.getRequestMethod().equals("PUT");
              there.compareAndSet(put ? 404 : 0, 200);
              say(exchange, put ? 201 : there.get(), "", "Docker-Content-Digest", other);
            });
    Manifest manifest = new Manifest(Repositories.OCI, bytes("{}"));

    assertThatThrownBy(() -> open(host).put("1", manifest))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_CONTENT))
        .hasMessageContaining(other);
  }

  /** A registry whose answers about tags are old for so many requests after a manifest came. */
  private String serveOldAnswers(int many, Digest before, Digest after) throws IOException {
    AtomicInteger left = new AtomicInteger(-1);
    return serve(
        "registry",
        exchange -> {
          boolean put = exchange.getRequestMethod().equals("PUT");
          if (put) {
            left.set(many);
          }
          Digest shown = left.get() != 0 ? before : after;
          left.updateAndGet(number -> !put && number > 0 ? number - 1 : number);
          seen.add("cache " + exchange.getRequestHeaders().getFirst("Cache-Control"));
          say(exchange, put ? 201 : 200, "", "Docker-Content-Digest", shown.toString());
        });
  }

  @Test
  void putWaitsWhenRegistryShowsWhatWasThereBefore() throws Exception {
    Manifest manifest = new Manifest(Repositories.OCI, bytes("{}"));
    String host = serveOldAnswers(6, Digest.of(bytes("before")), manifest.digest());

    open(host).put("1", manifest);

    assertThat(seen).filteredOn(line -> line.contains("PUT")).hasSize(1);
    // After a greeting: none of them may come from a cache that asks nobody.
    assertThat(seen)
        .filteredOn(line -> line.startsWith("cache "))
        .containsExactly(
            "cache null",
            "cache no-cache",
            "cache null",
            "cache no-cache",
            "cache no-cache",
            "cache no-cache",
            "cache no-cache",
            "cache no-cache",
            "cache no-cache",
            "cache no-cache");
  }

  @Test
  void putSaysPerhapsWhenRegistryShowsWhatWasThereBeforeForGood() throws Exception {
    Manifest manifest = new Manifest(Repositories.OCI, bytes("{}"));
    String host = serveOldAnswers(Integer.MAX_VALUE, Digest.of(bytes("before")), manifest.digest());

    assertThatThrownBy(() -> open(host).put("1", manifest))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSEEN))
        .hasMessageContaining("what was there before")
        .hasMessageContaining("Perhaps it is there later");
    assertThat(repositories.clockwork.slept.stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
  }

  @Test
  void tagsAreAskedOfTheRegistryItself() throws Exception {
    String host =
        serve(
            "registry",
            exchange -> {
              seen.add("cache " + exchange.getRequestHeaders().getFirst("Cache-Control"));
              say(exchange, 200, "{\"tags\":[\"a\"]}");
            });

    open(host).tags();

    assertThat(seen).endsWith("cache no-cache");
  }

  @Test
  void manifestFailsWhenItsBytesAreOthers() throws Exception {
    String host = serve("registry", exchange -> say(exchange, 200, "{}"));
    String asked = Digest.of(bytes("other")).toString();

    assertThatThrownBy(() -> open(host).manifest(asked))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_CONTENT));
  }

  @Test
  void registryIsNotAskedInTheClearWhenItIsNotAllowed() {
    // .invalid never resolves, so that nothing leaves this machine.
    Registry registry =
        repositories.open(
            "registry.invalid:80/joe/x",
            Optional.of(Repositories.joe()),
            Retries.USUAL,
            Map.of("BASEIMAGE_INSECURE_REGISTRIES", "other.invalid"));

    assertThatThrownBy(registry::tags)
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("no host of that name");
  }

  @Test
  void referencesAreRefusedWhenTheyCouldChangeTheAddress() {
    Registry registry = repositories.open("localhost:1/joe/x");

    for (String name : List.of("../tags/list", "a?b", "sha256:1", "")) {
      assertThatThrownBy(() -> registry.manifest(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(registry.mount(Digest.of(bytes("x")), ImageReference.parse("another.example/joe/x")))
        .isFalse();
  }
}

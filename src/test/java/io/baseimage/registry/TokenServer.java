package io.baseimage.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A token server as registries send their users to, with a key made for this run. */
final class TokenServer implements AutoCloseable {
  static final String SERVICE = "test-service";
  static final String ISSUER = "test-issuer";
  static final String IDENTITY_TOKEN = "identity-token-of-joe";

  final List<String> requests = new CopyOnWriteArrayList<>();

  /** How long tokens are good for; a negative time gives tokens that are over already. */
  volatile Duration life = Duration.ofMinutes(5);

  /** What it tells clients of that, in seconds; negative: nothing. */
  volatile long toldSeconds = 300;

  /**
   * Whose tokens last a few seconds only, though clients are told otherwise: a part of a
   * repository's path. The registry takes tokens for a minute longer than they say.
   */
  volatile String shortLived = "nobody";

  /** What nobody is allowed to do. */
  volatile String forbidden = "nothing";

  private final HttpServer server;
  private final Path certificate;
  private final PrivateKey key;

  TokenServer(Path folder) throws IOException {
    certificate = folder.resolve("token.pem");
    Path keyFile = folder.resolve("token.key");
    key = makeKey(keyFile, certificate);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String realm() {
    return "http://127.0.0.1:" + port() + "/token";
  }

  Path certificate() {
    return certificate;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String parameters =
        exchange.getRequestMethod().equals("POST")
            ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
            : exchange.getRequestURI().getRawQuery();
    String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    List<String> scopes = new ArrayList<>();
    boolean known =
        authorization.equals(
            "Basic " + base64(RegistryServer.USER + ":" + RegistryServer.PASSWORD));
    for (String parameter : parameters.split("&", -1)) {
      String value =
          URLDecoder.decode(parameter.replaceFirst("[^=]*=", ""), StandardCharsets.UTF_8);
      if (parameter.startsWith("scope=")) {
        scopes.addAll(List.of(value.split(" ", -1)));
      }
      known |= parameter.startsWith("refresh_token=") && value.equals(IDENTITY_TOKEN);
    }
    // docker-registry names the actions of a scope now in this order and now in that.
    String asked = String.join(" ", scopes).replace("push,pull", "pull,push");
    requests.add(exchange.getRequestMethod() + " " + asked);
    boolean wrong = !known && !authorization.equals("null");
    byte[] body =
        (wrong ? "{\"details\":\"incorrect\"}" : token(scopes, known))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(wrong ? 401 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String token(List<String> scopes, boolean known) {
    String access =
        scopes.stream().map(scope -> access(scope, known)).collect(Collectors.joining(","));
    Instant now = Instant.now();
    Duration lasting = access.contains(shortLived) ? Duration.ofSeconds(-57) : life;
    String payload =
        """
        {"iss":"%s","aud":"%s","sub":"joe","jti":"%d","nbf":%d,"iat":%d,"exp":%d,"access":[%s]}"""
            .formatted(
                ISSUER,
                SERVICE,
                System.nanoTime(),
                now.minusSeconds(600).getEpochSecond(),
                now.getEpochSecond(),
                now.plus(lasting).getEpochSecond(),
                access);
    try {
      String header =
          "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5c\":[\""
              + Files.readString(certificate).replaceAll("-----[^-]*-----|\\s", "")
              + "\"]}";
      String signed =
          url(header.getBytes(StandardCharsets.UTF_8))
              + "."
              + url(payload.getBytes(StandardCharsets.UTF_8));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      return "{\"token\":\""
          + signed
          + "."
          + url(signature.sign())
          + "\""
          + (toldSeconds < 0 ? "" : ",\"expires_in\":" + toldSeconds)
          + "}";
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Anybody may pull, and who is known may do what is not forbidden. */
  private String access(String scope, boolean known) {
    String[] parts = scope.split(":", -1);
    String actions =
        List.of(parts[2].split(",", -1)).stream()
            .filter(action -> (known || action.equals("pull")) && !action.equals(forbidden))
            .map(action -> "\"" + action + "\"")
            .collect(Collectors.joining(","));
    return "{\"type\":\"repository\",\"name\":\"%s\",\"actions\":[%s]}"
        .formatted(parts[1], actions);
  }

  private static PrivateKey makeKey(Path keyFile, Path certificate) throws IOException {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=test",
                "-days",
                "2",
                "-keyout",
                keyFile.toString(),
                "-out",
                certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!openssl.waitFor(60, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
        throw new IllegalStateException("openssl made no key");
      }
      byte[] key =
          Base64.getMimeDecoder()
              .decode(Files.readString(keyFile).replaceAll("-----[^-]*-----", ""));
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
    } catch (InterruptedException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

package io.baseimage.registry;

import static io.baseimage.registry.Repositories.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries behind a proxy; names in .invalid never resolve, so that only a proxy finds them. */
final class RegistryProxyTest {
  private static final String SECRET = "tell:nobody@all";
  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString(bytes("joe:" + SECRET));

  private final Repositories repositories = new Repositories();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private ServerSocket proxy;

  /** What the proxy answers to wishes for a tunnel by one who has said who it is. */
  private volatile int tunnel = 200;

  @BeforeEach
  void listen() throws IOException {
    proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
  }

  private String host() {
    return "127.0.0.1:" + proxy.getLocalPort();
  }

  private String url() {
    return "http://joe:tell%3Anobody%40all@" + host();
  }

  private void accept() {
    while (!proxy.isClosed()) {
      try (Socket socket = proxy.accept()) {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        while (serve(in, socket.getOutputStream())) {
          socket.setSoTimeout(5_000);
        }
      } catch (IOException | RuntimeException e) {
        // The client went away.
        seen.remove("nothing");
      }
    }
  }

  /** Whether another request may come. */
  private boolean serve(InputStream in, OutputStream out) throws IOException {
    String[] request = ReceivedRequest.line(in).split(" ", -1);
    if (request.length < 3) {
      return false;
    }
    boolean known = LOGIN.equals(ReceivedRequest.headers(in).get("proxy-authorization"));
    seen.add(request[0] + " " + request[1] + (known ? "" : " unknown"));
    boolean connect = request[0].equals("CONNECT");
    int status = known ? (connect ? tunnel : 200) : 407;
    String body = status == 200 && !connect ? "{\"tags\":[\"a\"]}" : "";
    out.write(
        ("HTTP/1.1 "
                + status
                + " Status\r\n"
                + (status == 407 ? "Proxy-Authenticate: Basic realm=x\r\n" : "")
                + (connect && status == 200 ? "" : "Content-Length: " + body.length() + "\r\n")
                + "\r\n"
                + body)
            .getBytes(StandardCharsets.ISO_8859_1));
    if (connect && status == 200) {
      // A greeting of TLS, which has the name in it.
      byte[] greeting = new byte[1024];
      int length = in.read(greeting);
      String text = new String(greeting, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
      seen.add("tunnel" + (greeting[0] == 0x16 && text.contains("registry.invalid") ? " TLS" : ""));
      return false;
    }
    return true;
  }

  private List<String> tags(String name) {
    return repositories.open(name, Optional.empty(), Retries.USUAL, environment).tags();
  }

  @Test
  void tlsGoesThroughATunnelWhenThereIsAProxy() {
    environment.put("https_proxy", url());

    assertThatThrownBy(() -> tags("registry.invalid/joe/x"))
        .hasMessageContaining("through the proxy " + host())
        .message()
        .doesNotContain("tell");

    assertThat(seen)
        .startsWith(
            "CONNECT registry.invalid:443 unknown", "CONNECT registry.invalid:443", "tunnel TLS");
  }

  @Test
  void plainRequestsGoThroughTheProxyWhenTheRegistryIsAllowedThem() {
    environment.put("BASEIMAGE_INSECURE_REGISTRIES", "registry.invalid:5000");
    environment.put("HTTPS_PROXY", url());
    environment.put("HTTP_PROXY", url());
    tunnel = 403;

    assertThat(tags("registry.invalid:5000/joe/x")).containsExactly("a");

    assertThat(seen).endsWith("GET http://registry.invalid:5000/v2/joe/x/tags/list?n=1000");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 407, 503})
  void refusalIsTheProxysWhenItMakesNoTunnel(int status) {
    environment.put("HTTPS_PROXY", url());
    tunnel = status;

    assertThatThrownBy(() -> tags("registry.invalid/joe/x"))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("the proxy " + host() + " answered: " + status)
        .message()
        .doesNotContain("tell");
    assertThat(repositories.clockwork.slept.isEmpty()).isEqualTo(status < 500);
  }

  @Test
  void proxyIsNotAskedForThisMachine() {
    environment.put("HTTPS_PROXY", url());
    environment.put("HTTP_PROXY", url());

    assertThatThrownBy(() -> tags("localhost:1/joe/x")).hasMessageContaining("refused");

    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "*|registry.example|true",
        "registry.example|registry.example|true",
        "registry.example|eu.Registry.Example|true",
        "registry.example|myregistry.example|false",
        ".registry.example|registry.example|false",
        "*.registry.example|eu.registry.example|true",
        "a.example, registry.example:443|registry.example|true",
        "registry.example:5000|registry.example|false",
        "10.0.0.0/8|10.1.2.3|true",
        "10.0.0.0/12|10.16.0.1|false",
        "10.0.0.0/8|ten.example|false",
        "fd00::/8|[fd12::1]|true",
        "''|registry.example|false"
      })
  void exceptionsAreReachedDirectly(String exceptions, String host, boolean direct) {
    Proxies proxies =
        new Proxies(Map.of("HTTPS_PROXY", url(), "no_proxy", exceptions.replace("'", "")));

    assertThat(proxies.of("https", host, -1).isEmpty()).isEqualTo(direct);
    assertThat(proxies.of("http", host, 443)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://joe:tell@proxy.example", "http://joe:tell nobody@x", "http://"})
  void proxyIsRefusedWhenItCannotBeMeant(String value) {
    assertThatThrownBy(() -> new Proxies(Map.of("HTTPS_PROXY", value)))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS))
        .hasMessageContaining("HTTPS_PROXY")
        .hasNoCause()
        .message()
        .doesNotContain("tell");
  }
}

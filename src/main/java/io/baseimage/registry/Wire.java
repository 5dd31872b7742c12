package io.baseimage.registry;

import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.http.SingleTry;
import com.google.cloud.tools.jib.registry.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What one try of a piece of work speaks through: jib's HTTP client with our rules. Each request is
 * made once. Credentials go to the registry itself, and plain HTTP to this machine and to
 * registries that are allowed it.
 */
final class Wire extends FailoverHttpClient implements AutoCloseable {
  private static final int GREETING_MILLIS = 5_000;
  private static final String USER_AGENT = "baseimage-build";

  private final Session session;
  private final Sockets sockets;
  private final ApacheHttpTransport transport;

  Wire(Session session) {
    super(false, false, event -> {});
    this.session = session;
    this.sockets = new Sockets(session.clockwork(), session.proxies(), this::plainAllowed);
    this.transport = new ApacheHttpTransport(sockets.client());
  }

  /** jib's client of the repository, whose requests go through here. */
  RegistryClient client() {
    Address address = session.address();
    return RegistryClient.factory(EventHandlers.NONE, address.server(), address.path(), this)
        .setUserAgent(USER_AGENT)
        .newRegistryClient();
  }

  Address address() {
    return session.address();
  }

  /** A URL of the repository, for example of {@code tags/list}. */
  URL url(String rest) throws IOException {
    return new URL(
        scheme() + "://" + session.address().server() + "/v2/" + address().path() + "/" + rest);
  }

  /** A request as jib's classes make it: with authorization, and once more after a challenge. */
  @Override
  public Response call(String method, URL url, Request request) throws IOException {
    URL target = routed(url);
    if (!address().isHome(target, scheme())) {
      return once(method, target, request, null);
    }
    Access access = Access.of(method, target);
    Authorization sent = session.authenticator().current(access);
    try {
      return once(method, target, request, sent);
    } catch (Answer answer) {
      if (answer.status() != 401) {
        throw answer;
      }
      return renewed(method, target, request, access, sent, answer);
    }
  }

  private Response renewed(
      String method,
      URL target,
      Request request,
      Access access,
      @Nullable Authorization sent,
      Answer answer)
      throws IOException {
    Authenticator authenticator = session.authenticator();
    Authorization fresh = authenticator.renewed(this, access, sent, answer);
    try {
      return once(method, target, request, fresh);
    } catch (Answer second) {
      if (second.status() != 401) {
        throw second;
      }
      Authorization narrowed =
          authenticator.narrowed(this, access, fresh, second).orElseThrow(() -> second);
      return once(method, target, request, narrowed);
    }
  }

  /** A request of our own, without a body. */
  Response call(String method, URL url, String accept) throws IOException {
    Request request = Request.builder().setUserAgent(USER_AGENT).setAccept(List.of(accept)).build();
    // What a tag names and which there are changes; what a digest names does not.
    boolean changes = !url.getPath().contains("/manifests/sha256:");
    return call(method, url, changes ? SingleTry.fresh(request) : request);
  }

  /** A request, once, with exactly this authorization. */
  Response once(String method, URL url, Request request, @Nullable Authorization authorization)
      throws IOException {
    return once(method, url, request, authorization, Integer.MAX_VALUE);
  }

  private Response once(
      String method, URL url, Request request, @Nullable Authorization authorization, int most)
      throws IOException {
    sockets.touch();
    int silence = (int) Math.min(session.silence().toMillis(), most);
    try {
      Response response = SingleTry.call(method, url, request, authorization, silence, transport);
      sockets.touch();
      return response;
    } catch (ResponseException e) {
      // jib asks for blobs by HEAD, and knows this answer as the one that there is none.
      if (method.equals("HEAD") && e.getStatusCode() == 404) {
        throw e;
      }
      throw Answer.of(e, session.clockwork());
    }
  }

  /** Says that something moves, for example that a part of a blob was sent. */
  void touch() {
    sockets.touch();
  }

  /** How long nothing has moved, in nanoseconds. */
  long silentFor() {
    return sockets.silentFor();
  }

  /** Throws unless what is sent to the registry cannot be listened in on. */
  void requireSecrecy() throws IOException {
    if (!scheme().equals("https") && !address().loopback()) {
      throw new Answer(0, "", "it is spoken to by plain HTTP, which no password is sent over");
    }
  }

  /** Whether a URL may be reached by plain HTTP. */
  boolean plainAllowed(URL url) {
    return plainAllowed(url.getHost(), url.getPort());
  }

  private boolean plainAllowed(String host, int port) {
    return Address.loopback(host)
        || (session.insecure()
            && address().server().equalsIgnoreCase(port < 0 ? host : host + ":" + port));
  }

  /** Ends all connections, in whatever they are. */
  @Override
  public void close() {
    sockets.close();
  }

  /** An answer's body, which must not be larger than that many bytes. */
  static byte[] bytes(Response response, int maximum) throws IOException {
    InputStream body = response.getBody();
    byte[] bytes = body == null ? new byte[0] : body.readNBytes(maximum + 1);
    if (bytes.length > maximum) {
      throw new TooLargeException(maximum);
    }
    return bytes;
  }

  /** jib writes every address with https. */
  private URL routed(URL url) throws IOException {
    if (scheme().equals("http") && address().isHome(url, "https")) {
      return new URL("http", url.getHost(), url.getPort(), url.getFile());
    }
    return url;
  }

  private String scheme() throws IOException {
    String known = session.scheme();
    if (known == null) {
      known = session.mayBePlain() ? probe() : "https";
      session.scheme(known);
    }
    return known;
  }

  /** HTTPS if the registry speaks it, as Docker does: asked before anything secret is sent. */
  private String probe() throws IOException {
    // Nobody listens in on this machine's own lines, and most registries there have no TLS.
    if (address().loopback() && answersPlainly()) {
      return "http";
    }
    try {
      greet("https");
      return "https";
    } catch (SocketTimeoutException | ProxyException e) {
      // One without TLS waits for the rest of what it takes for a request; and many a proxy
      // makes tunnels to the usual port of TLS alone.
      return "http";
    } catch (SSLException e) {
      // A server whose certificate is not to be trusted speaks HTTPS, too.
      if (Failures.certificate(e)) {
        throw e;
      }
      return "http";
    }
  }

  private boolean answersPlainly() {
    try {
      // What servers with TLS answer to those who speak without.
      return greet("http") != 400;
    } catch (IOException e) {
      // HTTPS is asked next, and what that says counts.
      return false;
    }
  }

  /** Whether a registry is what answers, whomever it lets in. */
  boolean isRegistry() throws IOException {
    URL base = new URL(scheme() + "://" + address().server() + "/v2/");
    try (Response response = once("GET", base, Request.builder().build(), null)) {
      return Requests.header(response, "Docker-Distribution-Api-Version").isPresent();
    } catch (Answer answer) {
      if (Failures.passing(answer, Optional.of(answer))) {
        throw answer;
      }
      return answer.status() == 401 && Challenge.parse(answer.challenge()).isPresent();
    }
  }

  /** The status of an answer to nothing in particular, whatever it is. */
  private int greet(String scheme) throws IOException {
    URL base = new URL(scheme + "://" + address().server() + "/v2/");
    try (Response response = once("GET", base, Request.builder().build(), null, GREETING_MILLIS)) {
      return response.getStatusCode();
    } catch (Answer e) {
      return e.status();
    }
  }
}

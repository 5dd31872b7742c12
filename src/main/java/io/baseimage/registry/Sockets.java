package io.baseimage.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.client.HttpClient;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.conn.util.PublicSuffixMatcher;
import org.apache.http.entity.BufferedHttpEntity;
import org.apache.http.entity.HttpEntityWrapper;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultHttpClientConnectionOperator;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;

/**
 * The connections of one try, which any thread can end: Java interrupts no thread that reads or
 * writes, and no time limit of its own ends a write.
 */
final class Sockets implements AutoCloseable {
  private static final int CONNECT_MILLIS = 20_000;
  private static final int LARGEST_ERROR = 64 << 10;
  private static final int LARGEST_KEPT = 64 << 10;

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Clockwork clockwork;
  private final Proxies proxies;
  private final BiPredicate<String, Integer> plainAllowed;
  private volatile long moved;
  private volatile boolean closed;

  /**
   * No connections yet.
   *
   * @param plainAllowed whether a host and port (-1: the usual one) may be reached by plain HTTP
   */
  Sockets(Clockwork clockwork, Proxies proxies, BiPredicate<String, Integer> plainAllowed) {
    this.clockwork = clockwork;
    this.proxies = proxies;
    this.plainAllowed = plainAllowed;
    this.moved = clockwork.nanoTime();
  }

  void touch() {
    moved = clockwork.nanoTime();
  }

  long silentFor() {
    return clockwork.nanoTime() - moved;
  }

  /** A client that makes each request once and follows redirects to where it may go. */
  HttpClient client() {
    HttpClientBuilder builder = HttpClientBuilder.create().useSystemProperties();
    if (!proxies.isEmpty()) {
      new ProxyRoutes(proxies).applyTo(builder);
    }
    return builder
        .setConnectionManager(
            new PoolingHttpClientConnectionManager(
                new DefaultHttpClientConnectionOperator(this::factory, null, null),
                null,
                -1,
                TimeUnit.MILLISECONDS))
        // Google's client does both, and knows which headers may go along.
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        // A long list that only cookies are held against.
        .setPublicSuffixMatcher(new PublicSuffixMatcher(List.of(), List.of()))
        .addInterceptorFirst(
            (org.apache.http.HttpRequest request, HttpContext context) -> requireAllowed(context))
        .addInterceptorLast(
            (org.apache.http.HttpResponse response, HttpContext context) -> {
              HttpEntity entity = response.getEntity();
              if (entity == null) {
                return;
              }
              if (entity.getContentLength() >= 0 && entity.getContentLength() <= LARGEST_KEPT) {
                // Read to its end the connection can be used again; jib ends it otherwise.
                response.setEntity(new BufferedHttpEntity(entity));
              } else if (response.getStatusLine().getStatusCode() >= 400) {
                response.setEntity(new Shortened(entity));
              }
            })
        .build();
  }

  /** TLS takes a while to set up, and is left alone until it is needed. */
  private ConnectionSocketFactory factory(String scheme) {
    return scheme.equals("https") ? new Encrypted() : new Plain();
  }

  private void requireAllowed(HttpContext context) throws IOException {
    HttpHost target = HttpClientContext.adapt(context).getTargetHost();
    if (target.getSchemeName().equals("http")
        && !plainAllowed.test(target.getHostName(), target.getPort())) {
      throw new PlainTextException(
          "the registry sends us to "
              + target.toHostString()
              + " by plain HTTP, which is not allowed");
    }
  }

  private Socket track(Socket socket) throws IOException {
    open.removeIf(Socket::isClosed);
    open.add(socket);
    if (closed) {
      socket.close();
    }
    return socket;
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Sockets::end);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, closed or not.
      return;
    }
  }

  private final class Plain extends PlainConnectionSocketFactory {
    @Override
    public Socket createSocket(HttpContext context) throws IOException {
      return track(super.createSocket(context));
    }

    @Override
    public Socket connectSocket(
        int timeout,
        Socket socket,
        HttpHost host,
        InetSocketAddress remote,
        InetSocketAddress local,
        HttpContext context)
        throws IOException {
      return super.connectSocket(
          Math.min(timeout, CONNECT_MILLIS), socket, host, remote, local, context);
    }
  }

  private final class Encrypted extends SSLConnectionSocketFactory {
    Encrypted() {
      super((SSLSocketFactory) SSLSocketFactory.getDefault(), getDefaultHostnameVerifier());
    }

    @Override
    public Socket createSocket(HttpContext context) throws IOException {
      return track(super.createSocket(context));
    }

    @Override
    public Socket connectSocket(
        int timeout,
        Socket socket,
        HttpHost host,
        InetSocketAddress remote,
        InetSocketAddress local,
        HttpContext context)
        throws IOException {
      return super.connectSocket(
          Math.min(timeout, CONNECT_MILLIS), socket, host, remote, local, context);
    }
  }

  /** The beginning of an error's body: the rest could be of any size. */
  private static final class Shortened extends HttpEntityWrapper {
    Shortened(HttpEntity entity) {
      super(entity);
    }

    @Override
    public InputStream getContent() throws IOException {
      return new FilterInputStream(super.getContent()) {
        private int left = LARGEST_ERROR;

        @Override
        public int read() throws IOException {
          int read = left > 0 ? super.read() : -1;
          left -= read < 0 ? 0 : 1;
          return read;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          int read = left > 0 ? super.read(into, from, Math.min(length, left)) : -1;
          left -= Math.max(read, 0);
          return read;
        }
      };
    }
  }
}

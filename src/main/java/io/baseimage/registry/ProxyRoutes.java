package io.baseimage.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.RouteInfo;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/** Sends an HTTP client's requests through proxies, and tells their refusals from registries'. */
final class ProxyRoutes extends DefaultRoutePlanner {
  private static final String REFUSED = "io.baseimage.registry.tunnel-refused";
  private static final int WANTS_LOGIN = 407;

  private final Proxies proxies;

  ProxyRoutes(Proxies proxies) {
    super(null);
    this.proxies = proxies;
  }

  void applyTo(HttpClientBuilder builder) {
    BasicCredentialsProvider logins = new BasicCredentialsProvider();
    proxies
        .all()
        .forEach(
            proxy ->
                proxy
                    .login()
                    .ifPresent(
                        login ->
                            logins.setCredentials(
                                new AuthScope(proxy.host()),
                                new UsernamePasswordCredentials(
                                    login.username(), login.secret()))));
    builder
        .setRoutePlanner(this)
        .setDefaultCredentialsProvider(logins)
        .setRequestExecutor(new Executor())
        .addInterceptorLast((HttpRequest request, HttpContext context) -> logIn(request, context))
        .addInterceptorFirst(
            (HttpResponse response, HttpContext context) -> requirePassed(response, context));
  }

  @Override
  protected @Nullable HttpHost determineProxy(
      HttpHost target, HttpRequest request, HttpContext context) {
    return to(target).map(Proxies.Proxy::host).orElse(null);
  }

  private Optional<Proxies.Proxy> to(HttpHost target) {
    return proxies.of(target.getSchemeName(), target.getHostName(), target.getPort());
  }

  /** Without a tunnel the proxy is told with each request: a body may not be sent twice. */
  private void logIn(HttpRequest request, HttpContext context) {
    RouteInfo route = HttpClientContext.adapt(context).getHttpRoute();
    if (route.getProxyHost() == null || route.isTunnelled()) {
      return;
    }
    to(route.getTargetHost())
        .flatMap(Proxies.Proxy::login)
        .ifPresent(
            login ->
                request.setHeader(
                    "Proxy-Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(
                                (login.username() + ":" + login.secret())
                                    .getBytes(StandardCharsets.UTF_8))));
  }

  private static void requirePassed(HttpResponse response, HttpContext context) throws IOException {
    HttpHost proxy = HttpClientContext.adapt(context).getHttpRoute().getProxyHost();
    int status = response.getStatusLine().getStatusCode();
    if (proxy != null && (context.getAttribute(REFUSED) != null || status == WANTS_LOGIN)) {
      throw new ProxyException(proxy.toHostString(), status);
    }
  }

  /** The client gives a refused tunnel's answer out as if it were the registry's. */
  private static final class Executor extends HttpRequestExecutor {
    @Override
    public HttpResponse execute(
        HttpRequest request, HttpClientConnection connection, HttpContext context)
        throws IOException, HttpException {
      HttpResponse response = super.execute(request, connection, context);
      if (request.getRequestLine().getMethod().equals("CONNECT")) {
        context.removeAttribute(REFUSED);
        if (response.getStatusLine().getStatusCode() >= 300) {
          context.setAttribute(REFUSED, true);
        }
      }
      return response;
    }
  }
}

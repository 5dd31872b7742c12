package com.google.cloud.tools.jib.http;

import com.google.api.client.http.HttpTransport;
import java.io.IOException;
import java.net.URL;
import java.util.List;

/**
 * jib's HTTP client without its own retries. They go on for up to 15 minutes unseen, and what turns
 * them off, and a request's fields, can be seen from this package only.
 */
public final class SingleTry {
  private SingleTry() {}

  /** The same request, which caches on the way are not to answer by themselves. */
  public static Request fresh(Request request) {
    request.getHeaders().setCacheControl("no-cache");
    return request;
  }

  /**
   * Makes a request once, over exactly the scheme that the URL has.
   *
   * @param authorization the one to send in place of the request's own; none if null
   * @param timeoutMillis to connect, and of silence while reading
   * @throws ResponseException for an answer that is an error
   */
  public static Response call(
      String method,
      URL url,
      Request request,
      Authorization authorization,
      int timeoutMillis,
      HttpTransport transport)
      throws IOException {
    String accept = request.getHeaders().getAccept();
    Request once =
        Request.builder()
            .setAccept(List.of(accept == null || accept.isEmpty() ? "*/*" : accept))
            .setUserAgent(request.getHeaders().getUserAgent())
            .setBody(request.getHttpContent())
            .setHttpTimeout(timeoutMillis)
            .setAuthorization(authorization)
            .build();
    once.getHeaders().setCacheControl(request.getHeaders().getCacheControl());
    // What jib calls failover lets plain HTTP through, and would also try it in place of HTTPS.
    boolean plain = url.getProtocol().equals("http");
    return new FailoverHttpClient(plain, true, event -> {}, () -> transport, () -> transport, false)
        .call(method, url, once);
  }
}

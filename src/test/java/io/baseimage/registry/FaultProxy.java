package io.baseimage.registry;

import io.baseimage.image.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Stands before a registry and spoils chosen requests. Connections are kept, as real ones are. */
public final class FaultProxy implements AutoCloseable {
  /** A request that came. */
  record Seen(String method, String path, int status, Map<String, String> headers) {}

  final List<Seen> log = new CopyOnWriteArrayList<>();

  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");

  /** What comes after the registry has done what it was asked. */
  private static final Set<Fault> DONE =
      EnumSet.of(Fault.RESET_AFTER, Fault.DONE_BUT_403, Fault.DONE_BUT_500, Fault.DONE_BUT_SLOW);

  private final ServerSocket listener;
  private final int upstream;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private volatile int spoiledFrom = -1;
  private volatile int spoiledTo = -1;
  private volatile Fault fault = Fault.STATUS_500;

  /** Is told the number of each request that is counted, before anything is done with it. */
  public volatile IntConsumer onRequest = number -> {};

  /** Which requests are spoiled and counted: method and path, as a pattern. */
  public volatile String chosen = ".*";

  /** In front of a server on this machine. */
  public FaultProxy(int upstream) throws IOException {
    this.upstream = upstream;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Its address as part of an image's name. */
  public String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Spoils the request of that number from now on, counted from 0; counts and log begin anew. */
  public void spoil(int number, Fault with) {
    spoil(number, number, with);
  }

  /** Spoils these. */
  public void spoil(int from, int to, Fault with) {
    count.set(0);
    log.clear();
    fault = with;
    spoiledFrom = from;
    spoiledTo = to;
  }

  /** How many chosen ones there were since. */
  public int requests() {
    return count.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        daemon(
            () -> {
              try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean more = true;
                while (more) {
                  more = serve(socket, in) && !socket.isClosed();
                }
              } catch (IOException | NumberFormatException e) {
                // The client went away, as clients do, in the middle of a size perhaps.
                count.get();
              }
            });
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Whether another request may come. */
  private boolean serve(Socket socket, InputStream in) throws IOException {
    OutputStream out = socket.getOutputStream();
    in.mark(1);
    // What TLS begins with: a plain server's answer to it is this.
    if (in.read() == 0x16) {
      out.write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      return false;
    }
    in.reset();
    String[] request = ReceivedRequest.line(in).split(" ");
    if (request.length < 3) {
      return false;
    }
    boolean counted = (request[0] + " " + request[1]).matches(chosen);
    int number = counted ? count.getAndIncrement() : -2;
    onRequest.accept(number);
    Map<String, String> headers = ReceivedRequest.headers(in);
    Fault spoiling = number >= spoiledFrom && number <= spoiledTo ? fault : Fault.NONE;
    // A token that is rejected at its first use is not worth another try.
    String token = headers.getOrDefault("authorization", "");
    if ((spoiling == Fault.TOKEN_EXPIRED || spoiling == Fault.TOKEN_REJECTED)
        && !taken.contains(token)) {
      spoiling = Fault.NONE;
    }
    if (spoiling == Fault.RESET_BEFORE) {
      log.add(new Seen(request[0], request[1], 0, headers));
      reset(socket);
      return false;
    }
    if (spoiling == Fault.TOKEN_EXPIRED) {
      awaitExpiry(token);
    }
    byte[] body = ReceivedRequest.body(in, headers);
    if (DONE.contains(spoiling)) {
      forward(request, headers, body, false);
    }
    switch (spoiling) {
      case TOO_MANY -> say(request, headers, out, 429, "Retry-After: 7");
      case TOO_MANY_UNTIL ->
          say(
              request,
              headers,
              out,
              429,
              "Date: Sat, 01 Jan 2022 00:00:00 GMT\r\nRetry-After: Sat, 01 Jan 2022 00:00:09 GMT");
      case STATUS_401 -> say(request, headers, out, 401, "WWW-Authenticate: Basic realm=x");
      case STATUS_403, DONE_BUT_403 -> say(request, headers, out, 403, "X: y", "DENIED");
      case STATUS_500, DONE_BUT_500 -> say(request, headers, out, 500, "X: y");
      case STATUS_502, STATUS_503, STATUS_504 ->
          say(request, headers, out, Integer.parseInt(spoiling.name().substring(7)), "X: y");
      case UPLOAD_UNKNOWN -> say(request, headers, out, 404, "X: y", "BLOB_UPLOAD_UNKNOWN");
      case RESET_AFTER -> reset(socket);
      case SLOW, DONE_BUT_SLOW -> {
        log.add(new Seen(request[0], request[1], 0, headers));
        // Until the client has had enough.
        return in.read() >= 0;
      }
      default -> {
        HttpResponse<byte[]> response =
            forward(request, headers, body, spoiling == Fault.TOKEN_REJECTED);
        byte[] answer = written(request[0], response, spoiling);
        boolean cut = spoiling == Fault.CUT_OFF || spoiling == Fault.RESET_WITHIN;
        out.write(answer, 0, cut ? answer.length * 2 / 3 : answer.length);
        if (spoiling == Fault.RESET_WITHIN) {
          reset(socket);
        }
        return !cut;
      }
    }
    return true;
  }

  /** Holds a request until the registry does not take its token any more. */
  private void awaitExpiry(String token) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end
        && RegistryServer.raw(upstream, "GET", "/v2/", "Authorization", token).statusCode()
            != 401) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private void say(
      String[] request, Map<String, String> headers, OutputStream out, int status, String header)
      throws IOException {
    say(request, headers, out, status, header, "");
  }

  private void say(
      String[] request,
      Map<String, String> headers,
      OutputStream out,
      int status,
      String header,
      String code)
      throws IOException {
    log.add(new Seen(request[0], request[1], status, headers));
    String body =
        code.isEmpty()
            ? "<html>"
            : "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"spoiled\"}]}";
    out.write(
        ("HTTP/1.1 "
                + status
                + " Spoiled\r\n"
                + header
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + (request[0].equals("HEAD") ? "" : body))
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  private HttpResponse<byte[]> forward(
      String[] request, Map<String, String> headers, byte[] body, boolean anonymous)
      throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + upstream + request[1]))
            .method(request[0], HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(
        (name, value) -> {
          if (!NOT_FORWARDED.contains(name) && !(anonymous && name.equals("authorization"))) {
            builder.header(name, value);
          }
        });
    try {
      HttpResponse<byte[]> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
      log.add(new Seen(request[0], request[1], response.statusCode(), headers));
      if (response.statusCode() != 401) {
        taken.add(headers.getOrDefault("authorization", ""));
      }
      return response;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] written(String method, HttpResponse<byte[]> response, Fault spoiling)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder("HTTP/1.1 " + response.statusCode() + " Status\r\n");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              boolean other =
                  spoiling == Fault.OTHER_DIGEST && name.equalsIgnoreCase("docker-content-digest");
              boolean length = name.equalsIgnoreCase("content-length");
              if (!name.equalsIgnoreCase("transfer-encoding")
                  && (!length || method.equals("HEAD"))) {
                values.forEach(
                    value ->
                        head.append(name)
                            .append(": ")
                            .append(other ? Digest.of(new byte[0]) : value)
                            .append("\r\n"));
              }
            });
    if (!method.equals("HEAD") && response.statusCode() != 204) {
      head.append("Content-Length: ").append(response.body().length).append("\r\n");
    }
    head.append("\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(response.body());
    return out.toByteArray();
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "fault-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}

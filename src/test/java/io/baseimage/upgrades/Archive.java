package io.baseimage.upgrades;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An archive of packages on this machine, as far as its indexes go. */
final class Archive implements AutoCloseable {
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer server;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  Archive() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          try (exchange) {
            answers
                .getOrDefault(
                    exchange.getRequestURI().getPath(),
                    nothing -> nothing.sendResponseHeaders(404, -1))
                .to(exchange);
          }
        });
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  String url(String path) {
    return "http://" + address().getAddress().getHostAddress() + ":" + address().getPort() + path;
  }

  void has(String path, String text) {
    answers(path, 200, text);
  }

  void answers(String path, int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    answers.put(
        path,
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  void redirects(String path, String other) {
    answers.put(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", other);
          exchange.sendResponseHeaders(302, -1);
        });
  }

  /** Sends the beginning, and then hangs up. */
  void breaksOff(String path, String beginning) {
    answers.put(path, exchange -> begin(exchange, beginning));
  }

  /** Sends the beginning, and then nothing for as long as it is asked. */
  void stalls(String path, String beginning) {
    answers.put(
        path,
        exchange -> {
          begin(exchange, beginning);
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void begin(HttpExchange exchange, String beginning) throws IOException {
    exchange.sendResponseHeaders(200, beginning.length() + 1000L);
    OutputStream out = exchange.getResponseBody();
    out.write(beginning.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

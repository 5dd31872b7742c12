package io.baseimage.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Something at a socket or a port that answers pings and the question for its version. */
final class FakeEngine implements AutoCloseable {
  private final ServerSocketChannel server;
  private final String apiVersion;
  private volatile String version =
      "{\"Version\":\"99.0 for %s\",\"Arch\":\"arm64\",\"Os\":\"linux\"}";

  FakeEngine(Path socket, String apiVersion) throws IOException {
    this(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX),
        UnixDomainSocketAddress.of(socket),
        apiVersion);
  }

  /** One on a free port of the loopback interface. */
  static FakeEngine onPort(String apiVersion) throws IOException {
    return new FakeEngine(
        ServerSocketChannel.open(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        apiVersion);
  }

  private FakeEngine(ServerSocketChannel server, SocketAddress address, String apiVersion)
      throws IOException {
    this.apiVersion = apiVersion;
    this.server = server;
    server.bind(address);
    Thread thread = new Thread(this::serve, "fake-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Has it answer something else to the question for its version. */
  void answerForVersion(String body) {
    version = body;
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(8192);
        if (client.read(request) > 0) {
          String line = new String(request.array(), 0, request.position(), StandardCharsets.UTF_8);
          client.write(ByteBuffer.wrap(answer(line).getBytes(StandardCharsets.UTF_8)));
        }
      } catch (IOException e) {
        // The client has gone, or the test has ended.
      }
    }
  }

  private String answer(String request) {
    String path = request.split(" ", 3)[1];
    String body = path.endsWith("/version") ? version.replace("%s", path) : "OK";
    return "HTTP/1.1 200 OK\r\nApi-Version: "
        + apiVersion
        + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

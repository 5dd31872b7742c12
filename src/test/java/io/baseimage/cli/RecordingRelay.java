package io.baseimage.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes everything on to a server of this machine, and remembers what clients said. */
final class RecordingRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final int upstream;
  private final List<ByteArrayOutputStream> said = new CopyOnWriteArrayList<>();

  RecordingRelay(int upstream) throws IOException {
    this.upstream = upstream;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What came in each connection, so that text in it can be read. */
  List<String> said() {
    return said.stream().map(each -> each.toString(StandardCharsets.ISO_8859_1)).toList();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        said.add(copy);
        daemon(() -> pass(client, server, copy));
        daemon(() -> pass(server, client, OutputStream.nullOutputStream()));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void pass(Socket from, Socket to, OutputStream copy) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      byte[] piece = new byte[8192];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        copy.write(piece, 0, read);
        to.getOutputStream().write(piece, 0, read);
      }
    } catch (IOException e) {
      // The other direction has ended.
      return;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }
}

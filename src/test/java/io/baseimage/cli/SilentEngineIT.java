package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that takes every question and answers none, in the middle of the contract suite. */
@Tag("docker")
final class SilentEngineIT {
  private static final Path ENGINE =
      Path.of(
          URI.create(
                  Optional.ofNullable(System.getenv("DOCKER_HOST"))
                      .orElse("unix:///var/run/docker.sock"))
              .getPath());

  private static final String REPOSITORY = "silent-engine-" + Long.toString(System.nanoTime(), 36);
  private static final String NAME = "{{.Repository}}:{{.Tag}}";

  @TempDir private Path folder;

  @Test
  void testWhenTheEngineFallsSilentEndsSoonAndSaysSo() throws Exception {
    Launched build =
        Launched.run(
            folder,
            Duration.ofMinutes(10),
            "--variant=debian-12",
            "--name=" + REPOSITORY,
            "--no-test");
    assertThat(build.status()).as(build.err()).isZero();
    Path socket = folder.resolve("engine.sock");
    try (Relay relay = new Relay(socket)) {
      Launched test =
          Launched.start(
              folder,
              Map.of("DOCKER_HOST", "unix://" + socket),
              "test",
              "--timeout-scale=0.2",
              REPOSITORY + ":debian-12");
      test.awaitErr(text -> text.contains("holds"), Duration.ofMinutes(2));
      relay.silent = true;
      assertThat(test.await(Duration.ofSeconds(60)))
          .as(test.err())
          .isEqualTo(ExitCode.ENGINE_UNREACHABLE.code());
      assertThat(test.err()).contains("does not answer any more");
      removeLeft(test.err());
    } finally {
      for (String name : Launched.docker("images", "--format", NAME, REPOSITORY).lines().toList()) {
        Launched.docker("rmi", name);
      }
    }
  }

  /** The suite has said what it could not remove. */
  private static void removeLeft(String err) throws Exception {
    Matcher label = Pattern.compile("io\\.baseimage\\.check=[0-9a-f-]{36}").matcher(err);
    assertThat(label.find()).as(err).isTrue();
    for (String id :
        Launched.docker("ps", "--all", "--quiet", "--filter", "label=" + label.group())
            .lines()
            .toList()) {
      Launched.docker("rm", "--force", id);
    }
  }

  /** Hands everything on to the real engine, until it is told to be silent. */
  private static final class Relay implements AutoCloseable {
    private final ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean silent;

    Relay(Path socket) throws IOException {
      server.bind(UnixDomainSocketAddress.of(socket));
      inBackground(this::serve);
    }

    private void serve() throws IOException {
      while (true) {
        SocketChannel client = server.accept();
        SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE));
        inBackground(() -> pump(client, engine));
        inBackground(() -> pump(engine, client));
      }
    }

    private void pump(SocketChannel from, SocketChannel to) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
      while (from.read(bytes) >= 0) {
        if (silent) {
          awaitEnd();
        }
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        bytes.clear();
      }
      to.shutdownOutput();
    }

    private void awaitEnd() {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private interface Work {
      void run() throws IOException;
    }

    private static void inBackground(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException e) {
                  // One of the two has hung up, or the test is over.
                  Thread.currentThread().interrupt();
                }
              },
              "relay");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      over.countDown();
      server.close();
    }
  }
}

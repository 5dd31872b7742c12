package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A person at the terminal of a container. */
final class Terminal implements AutoCloseable {
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final StringBuilder screen = new StringBuilder();
  private int read;
  private final ResultCallback.Adapter<Frame> attached;

  Terminal(DockerClient client, String id) {
    try {
      attached =
          client
              .attachContainerCmd(id)
              .withStdOut(true)
              .withStdErr(true)
              .withFollowStream(true)
              .withLogs(true)
              .withStdIn(new PipedInputStream(keyboard))
              .exec(
                  new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Frame frame) {
                      show(frame);
                    }
                  });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void show(Frame frame) {
    synchronized (screen) {
      screen.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
    }
  }

  void type(String text) {
    try {
      keyboard.write(text.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String screen() {
    synchronized (screen) {
      return screen.toString();
    }
  }

  /** Waits until the text is on the screen, after what was waited for before. */
  void await(Duration within, String text) {
    Verdict.eventually(
        within,
        () -> seen(text),
        () -> "no '" + text + "' on the terminal: " + Verdict.quoted(screen()));
  }

  private boolean seen(String text) {
    synchronized (screen) {
      int at = screen.indexOf(text, read);
      if (at < 0) {
        return false;
      }
      read = at + text.length();
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    keyboard.close();
    attached.close();
  }
}

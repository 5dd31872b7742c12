package io.baseimage.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.WaitResponse;
import io.baseimage.pipeline.CommandOutput;
import io.baseimage.pipeline.ContainerCommand;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Runs commands in containers of images, which are gone afterwards. */
final class CommandRun {
  /** The most that is kept of what a command writes to either stream, in bytes. */
  private static final int MOST_WRITTEN = 64 << 20;

  private static final long READING_SECONDS = 120;

  private final Connection connection;

  CommandRun(Connection connection) {
    this.connection = connection;
  }

  CommandOutput run(ContainerCommand command) {
    String doing = "run " + command.command().get(0) + " in " + command.imageId();
    return connection.ask(
        doing,
        () -> {
          String container = create(command);
          try {
            put(container, command.files());
            return run(container, command, doing);
          } finally {
            ImageFiles.remove(connection, container);
          }
        });
  }

  private String create(ContainerCommand command) {
    return connection
        .client()
        .createContainerCmd(command.imageId())
        .withEntrypoint(command.command().get(0))
        .withCmd(command.command().subList(1, command.command().size()))
        .withLabels(Map.of(ImageFiles.LABEL, "run-command"))
        .withHostConfig(
            HostConfig.newHostConfig().withNetworkMode(command.network() ? "default" : "none"))
        .exec()
        .getId();
  }

  private void put(String container, Map<String, byte[]> files) {
    if (files.isEmpty()) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey().substring(1));
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    connection
        .client()
        .copyArchiveToContainerCmd(container)
        .withRemotePath("/")
        .withTarInputStream(new ByteArrayInputStream(bytes.toByteArray()))
        .exec();
  }

  private CommandOutput run(String container, ContainerCommand command, String doing) {
    connection.client().startContainerCmd(container).exec();
    Ended ended = connection.client().waitContainerCmd(container).exec(new Ended());
    try {
      if (!ended.awaitCompletion(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EngineException(
            Kind.REFUSED,
            "Tried to "
                + doing
                + ", but it has not ended within "
                + command.limit().toSeconds()
                + " s and was killed. Check what it waits for, for example the network.");
      }
      Written written = new Written();
      connection
          .client()
          .logContainerCmd(container)
          .withStdOut(true)
          .withStdErr(true)
          .exec(written);
      written.awaitCompletion(READING_SECONDS, TimeUnit.SECONDS);
      return written.with(ended.status());
    } catch (InterruptedException e) {
      throw Failures.interruption(doing);
    }
  }

  /** A container's end. */
  private static final class Ended extends ResultCallback.Adapter<WaitResponse> {
    private int status = -1;

    @Override
    public synchronized void onNext(WaitResponse response) {
      status = response.getStatusCode();
    }

    synchronized int status() {
      return status;
    }
  }

  /** What comes from the two streams of a container. */
  private static final class Written extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void onNext(Frame frame) {
      ByteArrayOutputStream stream = frame.getStreamType() == StreamType.STDERR ? err : out;
      byte[] bytes = frame.getPayload();
      stream.write(bytes, 0, Math.min(bytes.length, MOST_WRITTEN - stream.size()));
    }

    synchronized CommandOutput with(int status) {
      return new CommandOutput(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }
}

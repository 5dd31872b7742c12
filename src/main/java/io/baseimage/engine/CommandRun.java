package io.baseimage.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.StreamType;
import io.baseimage.pipeline.CommandOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands in containers of images, which are gone afterwards. */
final class CommandRun {
  private static final long MOST_SECONDS = 120;

  private final Connection connection;

  CommandRun(Connection connection) {
    this.connection = connection;
  }

  CommandOutput run(String imageId, List<String> command) {
    return connection.ask(
        "run " + command.get(0) + " in " + imageId,
        () -> {
          String container = create(imageId, command);
          try {
            return run(container);
          } finally {
            ImageFiles.remove(connection, container);
          }
        });
  }

  private String create(String imageId, List<String> command) {
    return connection
        .client()
        .createContainerCmd(imageId)
        .withEntrypoint(command.get(0))
        .withCmd(command.subList(1, command.size()))
        .withLabels(Map.of(ImageFiles.LABEL, "run-command"))
        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
        .exec()
        .getId();
  }

  private CommandOutput run(String container) {
    connection.client().startContainerCmd(container).exec();
    int status =
        connection
            .client()
            .waitContainerCmd(container)
            .exec(new WaitContainerResultCallback())
            .awaitStatusCode(MOST_SECONDS, TimeUnit.SECONDS);
    Written written = new Written();
    connection.client().logContainerCmd(container).withStdOut(true).withStdErr(true).exec(written);
    try {
      written.awaitCompletion(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw Failures.interruption("read what a command has written");
    }
    return written.with(status);
  }

  /** What comes from the two streams of a container. */
  private static final class Written extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void onNext(Frame frame) {
      (frame.getStreamType() == StreamType.STDERR ? err : out).writeBytes(frame.getPayload());
    }

    synchronized CommandOutput with(int status) {
      return new CommandOutput(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }
}

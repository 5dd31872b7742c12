package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where one check makes its containers; they go when the check is over. */
final class Lab implements AutoCloseable {
  private final Workshop workshop;
  private final List<Box> boxes = new ArrayList<>();
  private boolean closed;

  Lab(Workshop workshop) {
    this.workshop = workshop;
  }

  /** The image under test. */
  Facts facts() {
    return workshop.facts();
  }

  /** A new container of the image. */
  Recipe box() {
    return new Recipe(this);
  }

  /** A container that has booted the image as it is, shared by all checks that only look. */
  Box resident() {
    return workshop.shared("resident", lab -> lab.box().start().awaitServices());
  }

  /** A container that other checks use too; the first one who asks makes it. */
  Box shared(String name, java.util.function.Function<Lab, Box> making) {
    return workshop.shared(name, making);
  }

  /** A time that may pass on a machine of common speed, made longer for slow ones. */
  Duration scaled(double seconds) {
    return workshop.scaled(seconds);
  }

  DockerClient client() {
    return workshop.client();
  }

  Workshop workshop() {
    return workshop;
  }

  synchronized void opened(Box box) {
    if (closed) {
      box.close();
      throw new IllegalStateException("the check is over");
    }
    boxes.add(box);
  }

  @Override
  public synchronized void close() {
    closed = true;
    boxes.forEach(Box::close);
    boxes.clear();
  }
}

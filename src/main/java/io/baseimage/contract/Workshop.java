package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.EngineException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of the suite on one image: its containers, all of them labelled, and all removed. */
final class Workshop implements AutoCloseable {
  /** Marks a run's containers; its value is the run's id. */
  static final String LABEL = "io.baseimage.check";

  private static final int WORKERS = 3;
  private static final Duration REMOVAL = Duration.ofSeconds(60);
  private static final double PROBING = 120;
  private static final double LONGEST = 600;

  private final DockerClient client;
  private final CheckRequest request;
  private final String imageId;
  private final String run = UUID.randomUUID().toString();
  private final Set<String> alive = ConcurrentHashMap.newKeySet();
  private final Map<String, FutureTask<Box>> shared = new ConcurrentHashMap<>();
  private final Lab commons = new Lab(this);
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, Workshop::worker);
  private final Gate gate = new Gate();
  private final long begun = System.nanoTime();
  private volatile boolean closed;
  private volatile boolean abandoned;
  private @Nullable Facts facts;

  Workshop(DockerClient client, CheckRequest request, String imageId) {
    this.client = client;
    this.request = request;
    this.imageId = imageId;
  }

  DockerClient client() {
    return client;
  }

  CheckRequest request() {
    return request;
  }

  String imageId() {
    return imageId;
  }

  /**
   * What the image is, looked at once.
   *
   * @throws EngineException when the engine does not get a container to tell
   */
  synchronized Facts facts() {
    if (facts == null) {
      try {
        facts = Patience.within(scaled(PROBING), () -> Probe.look(this, commons));
      } catch (TimeoutException e) {
        throw new EngineException(
            EngineException.Kind.REFUSED,
            "Tried to run a container of "
                + request.image()
                + ", but the engine has not done so within "
                + scaled(PROBING).toSeconds()
                + " s",
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return facts;
  }

  Gate gate() {
    return gate;
  }

  /** Why no check is begun any more: however an image hangs, the run has an end. */
  Optional<String> closedFor() {
    Duration longest = scaled(LONGEST);
    return System.nanoTime() - begun < longest.toNanos()
        ? Optional.empty()
        : Optional.of("not tried, for the " + longest.toSeconds() + " s of the suite are over");
  }

  /** Looks through the gate, beside the checks. */
  void lookAtGate() {
    beside(() -> gate.look(commons));
  }

  /** What marks the containers of this run. */
  String label() {
    return LABEL + "=" + run;
  }

  Duration scaled(double seconds) {
    return Duration.ofMillis(Math.round(seconds * request.timeoutScale() * 1000));
  }

  /** A container that several checks use. */
  Box shared(String name, Function<Lab, Box> making) {
    FutureTask<Box> task =
        shared.computeIfAbsent(name, key -> new FutureTask<>(() -> making.apply(commons)));
    task.run();
    try {
      return task.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new AssertionError(cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Begins to make a container that a check will ask for. */
  void early(String name, Function<Lab, Box> making) {
    FutureTask<Box> task = new FutureTask<>(() -> making.apply(commons));
    shared.put(name, task);
    workers.execute(task);
  }

  /** Makes a container one of this run. */
  void prepare(CreateContainerCmd create, Recipe recipe) {
    if (closed) {
      throw new IllegalStateException("the run is over");
    }
    create.withImage(imageId);
    recipe.applyTo(create);
    Map<String, String> labels = new HashMap<>();
    if (create.getLabels() != null) {
      labels.putAll(create.getLabels());
    }
    labels.put(LABEL, run);
    create.withLabels(labels);
  }

  /** A container has been created: notes it and gives it its files. */
  void created(String id, Recipe recipe) {
    alive.add(id);
    if (closed) {
      remove(id);
      throw new IllegalStateException("the run is over");
    }
    if (!recipe.files().isEmpty()) {
      Box.copy(client, id, recipe.files());
    }
  }

  /** Removes a container, while the checks go on. */
  void discard(String id) {
    beside(() -> remove(id));
  }

  private void beside(Runnable work) {
    try {
      workers.execute(work);
    } catch (RejectedExecutionException e) {
      // The run has just ended: nobody waits for a look, and its containers are removed anyway.
    }
  }

  private void remove(String id) {
    if (!alive.remove(id)) {
      return;
    }
    try {
      client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException | ConflictException e) {
      // Somebody else has removed it, or is about to.
      alive.remove(id);
    }
  }

  /** The engine answers nothing any more, so that asking it to remove containers is in vain. */
  void abandon() {
    abandoned = true;
    closed = true;
    workers.shutdownNow();
  }

  /**
   * Removes every container of this run.
   *
   * @throws EngineException when the engine does not answer, so that some may be left
   */
  @Override
  public void close() {
    if (abandoned) {
      return;
    }
    closed = true;
    List.copyOf(alive).forEach(this::discard);
    workers.shutdown();
    boolean interrupted = Thread.interrupted();
    interrupted |= awaitWorkers();
    try {
      Patience.within(REMOVAL, this::removeAll);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (TimeoutException e) {
      throw new EngineException(
          EngineException.Kind.UNREACHABLE,
          "The engine has not removed the containers of this run within "
              + REMOVAL.toSeconds()
              + " s; they are labelled "
              + label(),
          e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean removeAll() {
    for (Container container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(Map.of(LABEL, run)).exec()) {
      alive.add(container.getId());
      remove(container.getId());
    }
    return true;
  }

  private boolean awaitWorkers() {
    boolean interrupted = false;
    long end = System.nanoTime() + REMOVAL.toNanos();
    while (System.nanoTime() - end < 0) {
      try {
        if (workers.awaitTermination(1, TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "contract-worker");
    thread.setDaemon(true);
    return thread;
  }
}

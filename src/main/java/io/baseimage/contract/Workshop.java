package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.baseimage.pipeline.CheckRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of the suite on one image: its containers, all of them labelled, and all removed. */
final class Workshop implements AutoCloseable {
  /** Marks a run's containers; its value is the run's id. */
  static final String LABEL = "io.baseimage.check";

  private static final int WORKERS = 2;
  private static final Duration REMOVAL = Duration.ofSeconds(60);

  private final DockerClient client;
  private final CheckRequest request;
  private final String imageId;
  private final String run = UUID.randomUUID().toString();
  private final Set<String> alive = ConcurrentHashMap.newKeySet();
  private final Map<String, FutureTask<Box>> shared = new ConcurrentHashMap<>();
  private final Lab commons = new Lab(this);
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, Workshop::worker);
  private volatile boolean closed;
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

  /** What the image is, looked at once. */
  synchronized Facts facts() {
    if (facts == null) {
      facts = Probe.look(this, commons);
    }
    return facts;
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
    recipe.applyTo(create);
    Map<String, String> labels = new HashMap<>();
    if (create.getLabels() != null) {
      labels.putAll(create.getLabels());
    }
    labels.put(LABEL, run);
    create.withImage(imageId).withLabels(labels);
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
    if (!workers.isShutdown()) {
      workers.execute(() -> remove(id));
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

  /** Removes every container of this run. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(alive).forEach(this::discard);
    workers.shutdown();
    boolean interrupted = awaitWorkers();
    for (Container container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(Map.of(LABEL, run)).exec()) {
      alive.add(container.getId());
      remove(container.getId());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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

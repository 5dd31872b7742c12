package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Testcontainers' container, for any life: it waits for nothing, pulls nothing, maps no port. */
final class Vessel extends GenericContainer<Vessel> {
  private final Lab lab;
  private final Recipe recipe;
  private String started = "";

  private Vessel(Lab lab, Recipe recipe) {
    super(CompletableFuture.completedFuture(lab.workshop().imageId()));
    this.lab = lab;
    this.recipe = recipe;
    withImagePullPolicy(image -> false);
    withStartupCheckStrategy(new AnyState());
    setWaitStrategy(new NoWait());
    withCreateContainerCmdModifier(create -> lab.workshop().prepare(create, recipe));
  }

  /** Starts a container and says its id. Who takes it removes it. */
  // The container is closed by its id, through the workshop that counts all of them.
  @SuppressWarnings("resource")
  static String launch(Lab lab, Recipe recipe) {
    Vessel vessel = new Vessel(lab, recipe);
    try {
      vessel.start();
    } catch (ContainerLaunchException e) {
      if (!vessel.started.isEmpty()) {
        lab.workshop().discard(vessel.started);
      }
      throw new AssertionError("the container cannot be started: " + innermost(e), e);
    }
    return vessel.started;
  }

  @Override
  protected void containerIsCreated(String id) {
    started = id;
    lab.workshop().created(id, recipe);
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).strip();
  }

  /** A container that has ended has been started, too. */
  private static final class AnyState extends StartupCheckStrategy {
    // Deprecated, and the one that GenericContainer calls; the others look once a second.
    @Override
    @SuppressWarnings("deprecation")
    public boolean waitUntilStartupSuccessful(GenericContainer<?> container) {
      return true;
    }

    @Override
    public StartupStatus checkStartupState(DockerClient client, String id) {
      return StartupStatus.SUCCESSFUL;
    }
  }

  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }
}

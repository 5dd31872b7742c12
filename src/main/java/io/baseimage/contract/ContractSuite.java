package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.ContractChecker;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RunLog;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract suite: runs every check on containers of an image. */
public final class ContractSuite implements ContractChecker {
  private static final Duration WIND_UP = Duration.ofSeconds(10);

  private static final int DEFAULT_PARALLELISM = 6;

  /** How often the engine is asked for a sign of life, and how long it may take to give one. */
  private static final Duration PULSE = Duration.ofSeconds(5);

  private static final double SILENCE = 30;

  /** A run of a few checks that all hold is over before it is worth a look through the gate. */
  private static final double GATE = 10;

  private final String address;
  private final int parallelism;

  /**
   * A suite on an engine. A process is bound to the first engine that it runs a suite on.
   *
   * @param address the engine's address, for example {@code unix:///var/run/docker.sock}
   * @param parallelism how many checks run at a time; they wait more than they compute
   */
  public ContractSuite(String address, int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, is " + parallelism);
    }
    this.address = address;
    this.parallelism = parallelism;
  }

  /** A suite on an engine that runs as many checks at a time as suits a small machine. */
  public ContractSuite(String address) {
    this(address, DEFAULT_PARALLELISM);
  }

  /** The lines of the image contract, in their order. */
  public static List<ContractLine> lines() {
    return ContractLine.all();
  }

  /** Every check with the lines that it proves, in the contract's order; asks no engine. */
  public static List<ListedCheck> list() {
    return Chapters.list();
  }

  @Override
  public CheckReport check(CheckRequest request, RunLog log) {
    return check(request, log, Chapters.list());
  }

  /** Runs some of the checks. */
  CheckReport check(CheckRequest request, RunLog log, List<ListedCheck> checks) {
    long begun = System.nanoTime();
    Results results = new Results(checks, log);
    DockerClient client = Connection.to(address);
    try (Workshop workshop = new Workshop(client, request, imageId(client, request.image()))) {
      run(workshop, checks, results);
    }
    return new CheckReport(
        request.image(), results.all(), Duration.ofNanos(System.nanoTime() - begun));
  }

  private void run(Workshop workshop, List<ListedCheck> checks, Results results) {
    CancellationToken cancellation = CancellationToken.create();
    FutureTask<Boolean> work =
        new FutureTask<>(() -> execute(workshop, checks, results, cancellation), true);
    Thread thread = new Thread(work, "contract-suite");
    thread.setDaemon(true);
    thread.start();
    try {
      await(work, workshop);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineException thrown) {
        throw thrown;
      }
      throw new IllegalStateException("the contract suite has failed", e.getCause());
    } catch (EngineException e) {
      results.close();
      cancellation.cancel();
      workshop.abandon();
      throw e;
    } catch (InterruptedException e) {
      results.close();
      cancellation.cancel();
      workshop.close();
      windUp(work);
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("checking " + workshop.request().image());
    }
  }

  /**
   * Waits for the checks as long as the engine lives.
   *
   * @throws EngineException when it gives no sign of life any more
   */
  private void await(FutureTask<Boolean> work, Workshop workshop)
      throws ExecutionException, InterruptedException {
    long gate = System.nanoTime() + workshop.scaled(GATE).toNanos();
    boolean looked = false;
    while (true) {
      try {
        work.get(PULSE.toMillis(), TimeUnit.MILLISECONDS);
        requireEngine(workshop);
        return;
      } catch (TimeoutException e) {
        requireEngine(workshop);
      }
      if (!looked && System.nanoTime() - gate > 0) {
        looked = true;
        workshop.lookAtGate();
      }
    }
  }

  /** Without their containers, the checks that still run end soon. */
  private static void windUp(FutureTask<Boolean> work) {
    try {
      work.get(WIND_UP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      work.cancel(true);
    }
  }

  private void execute(
      Workshop workshop,
      List<ListedCheck> checks,
      Results results,
      CancellationToken cancellation) {
    // The caller's process may have test engines, listeners and settings of its own.
    LauncherConfig config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build();
    beginEarly(workshop, checks);
    try (LauncherSession session = LauncherFactory.openSession(config)) {
      CheckExtension.place(session, workshop);
      session
          .getLauncher()
          .execute(
              LauncherExecutionRequestBuilder.request(request(checks))
                  .listeners(results)
                  .cancellationToken(cancellation)
                  .build());
    }
  }

  /** What takes the longest begins at once: the wait for a full minute, the package lists. */
  private static void beginEarly(Workshop workshop, List<ListedCheck> checks) {
    Facts facts = workshop.facts();
    List<Method> methods = Chapters.methods(checks).toList();
    if (facts.has(Feature.MY_INIT) && facts.has(Feature.CRON) && has(methods, CronChecks.class)) {
      workshop.early(CronChecks.RUNNING, CronChecks::running);
    }
    if (facts.has(Feature.APT) && has(methods, PackageChecks.class)) {
      workshop.early(PackageChecks.UPDATED, PackageChecks::updated);
    }
    if (facts.has(Feature.YUM) && has(methods, YumPackageChecks.class)) {
      workshop.early(YumPackageChecks.UPDATED, YumPackageChecks::updated);
    }
  }

  private static boolean has(List<Method> methods, Class<?> chapter) {
    return methods.stream().anyMatch(method -> method.getDeclaringClass() == chapter);
  }

  private LauncherDiscoveryRequest request(List<ListedCheck> checks) {
    String parallel = "junit.jupiter.execution.parallel.";
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(
            Chapters.methods(checks)
                .map(method -> DiscoverySelectors.selectMethod(method.getDeclaringClass(), method))
                .toList())
        .filters(EngineFilter.includeEngines("junit-jupiter"))
        .enableImplicitConfigurationParameters(false)
        .configurationParameters(
            Map.of(
                parallel + "enabled", "true",
                parallel + "mode.default", "concurrent",
                parallel + "mode.classes.default", "concurrent",
                parallel + "config.strategy", "fixed",
                parallel + "config.fixed.parallelism", String.valueOf(parallelism),
                parallel + "config.fixed.max-pool-size", String.valueOf(parallelism)))
        .build();
  }

  private static String imageId(DockerClient client, String image) {
    try {
      return String.valueOf(client.inspectImageCmd(image).exec().getId());
    } catch (NotFoundException e) {
      throw new EngineException(
          EngineException.Kind.NOT_FOUND,
          "Tried to check the image " + image + ", but the engine does not have it; pull it first",
          e);
    }
  }

  private void requireEngine(Workshop workshop) throws InterruptedException {
    Duration silence = workshop.scaled(SILENCE);
    String problem;
    try {
      Patience.within(silence, () -> workshop.client().pingCmd().exec());
      return;
    } catch (TimeoutException e) {
      problem = "does not answer any more (waited " + silence.toSeconds() + " s)";
    } catch (RuntimeException e) {
      problem = "went away: " + e.getMessage();
    }
    throw new EngineException(
        EngineException.Kind.UNREACHABLE,
        "The engine at "
            + address
            + " "
            + problem
            + " while the contract suite ran on it; what it still has of the run is labelled "
            + workshop.label());
  }
}

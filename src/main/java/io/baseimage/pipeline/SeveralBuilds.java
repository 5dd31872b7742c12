package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.variant.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds several variants beside each other. Of those that begin with the same steps one goes
 * first, and the others begin once the engine has these steps in its cache.
 */
public final class SeveralBuilds {
  private final int jobs;
  private final boolean keepGoing;

  /**
   * Builds of this kind.
   *
   * @param jobs how many run at a time, 1 or more
   * @param keepGoing whether builds are still begun after one has failed
   */
  public SeveralBuilds(int jobs, boolean keepGoing) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: expected 1 or more, found " + jobs);
    }
    this.jobs = jobs;
    this.keepGoing = keepGoing;
  }

  /** Builds one variant; throws whatever stops it. */
  @FunctionalInterface
  public interface Build {
    /**
     * Builds it.
     *
     * @param cacheFrom images that the engine has the first steps of in its cache, made in this run
     * @param stepsCached to be told of the images as soon as the engine has cached the build's
     *     steps
     */
    List<BuildOutcome> run(
        Variant variant, Set<Digest> cacheFrom, Consumer<Set<Digest>> stepsCached);
  }

  /**
   * What became of a variant.
   *
   * @param outcomes what was built for each platform; empty if it failed or was not begun
   * @param failure what stopped it; empty if it was built or not begun
   * @param took how long it took; zero if it was not begun
   */
  public record Result(
      Variant variant,
      List<BuildOutcome> outcomes,
      Optional<RuntimeException> failure,
      Duration took) {

    /** Copies the list. */
    public Result {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** What is built next, and the images whose steps it may begin with. */
  private record Turn(Variant variant, Set<Digest> cacheFrom) {}

  /** One run: what is to be done, and how far it is. Guarded by itself. */
  private static final class Progress {
    private final Map<Variant, @Nullable Variant> pending = new LinkedHashMap<>();
    private final Map<Variant, Set<Digest>> given = new HashMap<>();
    private final Map<Variant, Set<Digest>> cached = new HashMap<>();
    private final Map<Variant, Result> results = new LinkedHashMap<>();
    private boolean stopped;

    Progress(List<Variant> variants) {
      List<Variant> parentsFirst =
          variants.stream().sorted(Comparator.comparing(each -> each.lineage().size())).toList();
      for (Variant variant : variants) {
        pending.put(variant, leader(variant, parentsFirst));
        results.put(variant, new Result(variant, List.of(), Optional.empty(), Duration.ZERO));
      }
    }

    /** The one that goes before, as the variant's steps begin with some of it. */
    private static @Nullable Variant leader(Variant variant, List<Variant> parentsFirst) {
      List<Variant> lineage = variant.lineage();
      for (int i = lineage.size() - 2; i >= 0; i--) {
        if (parentsFirst.contains(lineage.get(i))) {
          return lineage.get(i);
        }
      }
      return parentsFirst.stream()
          .filter(other -> other.lineage().get(0).equals(lineage.get(0)))
          .findFirst()
          .filter(first -> !first.equals(variant))
          .orElse(null);
    }

    /** The next one that can begin, as soon as there is one; nothing when all have begun. */
    synchronized Optional<Turn> next() throws InterruptedException {
      while (!stopped && !pending.isEmpty()) {
        for (Map.Entry<Variant, @Nullable Variant> entry : pending.entrySet()) {
          Variant leader = entry.getValue();
          if (leader == null || cached.containsKey(leader)) {
            Variant next = entry.getKey();
            pending.remove(next);
            Set<Digest> cacheFrom =
                leader == null ? Set.of() : cached.getOrDefault(leader, Set.of());
            given.put(next, cacheFrom);
            return Optional.of(new Turn(next, cacheFrom));
          }
        }
        wait();
      }
      return Optional.empty();
    }

    synchronized void stepsCached(Variant variant, Set<Digest> images) {
      cached.putIfAbsent(variant, images);
      notifyAll();
    }

    synchronized void ended(Result result, boolean stop) {
      results.put(result.variant(), result);
      stopped |= stop;
      // One that failed leaves its followers what it began with itself.
      stepsCached(result.variant(), given.getOrDefault(result.variant(), Set.of()));
    }
  }

  /**
   * Builds them all, as far as the failures let it.
   *
   * <p>When the thread is interrupted, so is every build; none goes on when this returns, and the
   * thread is interrupted still.
   *
   * @return what became of each, in the order of the list
   */
  public List<Result> run(List<Variant> variants, Build build) {
    Progress progress = new Progress(variants);
    int workers = Math.min(jobs, variants.size());
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      running.add(pool.submit(() -> work(progress, build)));
    }
    pool.shutdown();
    boolean interrupted = false;
    for (Future<?> worker : running) {
      while (true) {
        try {
          worker.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          pool.shutdownNow();
        } catch (ExecutionException e) {
          throw new IllegalStateException("a build's thread has failed", e.getCause());
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(progress.results.values());
  }

  private void work(Progress progress, Build build) {
    try {
      Optional<Turn> next = progress.next();
      while (next.isPresent()) {
        Variant variant = next.get().variant();
        long begun = System.nanoTime();
        List<BuildOutcome> outcomes = List.of();
        Optional<RuntimeException> failure = Optional.empty();
        try {
          outcomes =
              build.run(
                  variant, next.get().cacheFrom(), images -> progress.stepsCached(variant, images));
        } catch (RuntimeException e) {
          failure = Optional.of(e);
        } catch (Error e) {
          // Others may wait for this one.
          failure = Optional.of(new IllegalStateException(e));
        }
        boolean stop =
            (failure.isPresent() && !keepGoing) || Thread.currentThread().isInterrupted();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        progress.ended(new Result(variant, outcomes, failure, took), stop);
        next = progress.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

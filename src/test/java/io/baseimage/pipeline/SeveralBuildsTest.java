package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class SeveralBuildsTest {
  private static final VariantCatalog CATALOG = VariantCatalog.open(Path.of("variants"));

  private static final Digest STEPS = Digest.of(new byte[0]);

  @TempDir private Path folder;

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  @Test
  void runWhenTwoShareStepsBeginsTheSecondOnceTheFirstHasThemCached() {
    List<Variant> variants = variants("debian-12-zh_CN", "debian-12");
    new SeveralBuilds(2, true)
        .run(
            variants,
            (variant, cacheFrom, stepsCached) -> {
              events.add("begin " + variant.name() + " with " + cacheFrom);
              events.add("cached " + variant.name());
              stepsCached.accept(Set.of(STEPS));
              throw new IllegalStateException();
            });
    assertThat(events)
        .startsWith(
            "begin debian-12 with []",
            "cached debian-12",
            "begin debian-12-zh_CN with [" + STEPS + "]");
  }

  @Test
  void runWhenOneInTheMiddleFailsLeavesTheOthersStepsToItsFollowers() throws Exception {
    Path file = Files.writeString(folder.resolve("kid.yaml"), "extends: debian-12-zh_CN\n");
    Variant kid = CATALOG.get(file);
    List<Variant> variants = new ArrayList<>(variants("debian-12", "debian-12-zh_CN"));
    variants.add(kid);
    new SeveralBuilds(1, true)
        .run(
            variants,
            (variant, cacheFrom, stepsCached) -> {
              events.add(variant.name() + " with " + cacheFrom);
              if (variant.name().equals("debian-12")) {
                stepsCached.accept(Set.of(STEPS));
              }
              throw new IllegalStateException();
            });
    assertThat(events)
        .containsExactly(
            "debian-12 with []",
            "debian-12-zh_CN with [" + STEPS + "]",
            "kid with [" + STEPS + "]");
  }

  @Test
  void runWhenTheParentIsNotAskedForLetsOneChildGoFirst() throws InterruptedException {
    CountDownLatch others = new CountDownLatch(2);
    AtomicBoolean cached = new AtomicBoolean();
    List<SeveralBuilds.Result> results =
        new SeveralBuilds(3, true)
            .run(
                variants("ubuntu-24.04-zh_CN", "ubuntu-24.04-full", "debian-13"),
                (variant, cacheFrom, stepsCached) -> {
                  if (variant.name().equals("ubuntu-24.04-zh_CN")) {
                    await(others, 1);
                    cached.set(true);
                    stepsCached.accept(Set.of(STEPS));
                    await(others, 0);
                  } else if (variant.name().equals("ubuntu-24.04-full")) {
                    events.add("full after steps were cached: " + cached);
                  }
                  others.countDown();
                  throw new IllegalStateException(variant.name());
                });
    assertThat(events).containsExactly("full after steps were cached: true");
    assertThat(results).hasSize(3);
  }

  @Test
  void runWhenOneFailsBeginsNoMore() {
    List<SeveralBuilds.Result> results =
        new SeveralBuilds(1, false)
            .run(variants("debian-12", "debian-13", "ubuntu-24.04"), this::failFirst);
    assertThat(events).containsExactly("debian-12");
    assertThat(results)
        .extracting(r -> r.failure().isPresent())
        .containsExactly(true, false, false);
  }

  @Test
  void runWhenOneFailsKeepsGoingIfAsked() {
    List<SeveralBuilds.Result> results =
        new SeveralBuilds(1, true)
            .run(variants("debian-12", "debian-13", "ubuntu-24.04"), this::failFirst);
    assertThat(events).containsExactly("debian-12", "debian-13", "ubuntu-24.04");
    assertThat(results).extracting(r -> r.failure().isPresent()).containsExactly(true, true, true);
  }

  @Test
  void runWhenTheLeaderFailsBuildsItsChildrenAllTheSame() {
    new SeveralBuilds(2, true).run(variants("debian-12", "debian-12-zh_CN"), this::failFirst);
    assertThat(events).containsExactly("debian-12", "debian-12-zh_CN");
  }

  @Test
  void runWhenInterruptedInterruptsEveryBuild() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    List<SeveralBuilds.Result> results = new ArrayList<>();
    Thread run =
        new Thread(
            () -> {
              results.addAll(
                  new SeveralBuilds(2, true)
                      .run(
                          variants("debian-12", "debian-13", "ubuntu-24.04"),
                          (variant, cacheFrom, stepsCached) -> {
                            begun.countDown();
                            try {
                              TimeUnit.SECONDS.sleep(60);
                              events.add("not interrupted");
                            } catch (InterruptedException e) {
                              events.add("interrupted");
                              Thread.currentThread().interrupt();
                            }
                            throw new InterruptedRunException("building");
                          }));
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    run.start();
    begun.await();
    run.interrupt();
    run.join();
    assertThat(events).containsExactly("interrupted", "interrupted");
    assertThat(stillInterrupted).isTrue();
    assertThat(results)
        .extracting(result -> result.failure().isPresent())
        .containsExactly(true, true, false);
  }

  @Test
  void runWhenADefectStopsABuildDoesNotKeepTheOthersWaiting() {
    List<SeveralBuilds.Result> results =
        new SeveralBuilds(2, true)
            .run(
                variants("debian-12", "debian-12-zh_CN"),
                (variant, cacheFrom, stepsCached) -> {
                  events.add(variant.name());
                  throw new StackOverflowError();
                });
    assertThat(events).containsExactly("debian-12", "debian-12-zh_CN");
    assertThat(results).allMatch(result -> result.failure().isPresent());
  }

  private List<BuildOutcome> failFirst(
      Variant variant, Set<Digest> cacheFrom, Consumer<Set<Digest>> stepsCached) {
    events.add(variant.name());
    throw new EngineException(EngineException.Kind.BUILD, "a step failed");
  }

  private static void await(CountDownLatch latch, long left) {
    while (latch.getCount() > left) {
      Thread.onSpinWait();
    }
  }

  private static List<Variant> variants(String... names) {
    return List.of(names).stream().map(name -> CATALOG.get(name, Overrides.NONE)).toList();
  }
}

package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Manifest;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PublisherQueueTest {
  /**
   * A second of it is a fifteenth of one, and a lease still longer than a busy machine lets threads
   * wait.
   */
  private static final int FASTER = 15;

  static final Ticker QUICK =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime() * FASTER;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Duration real = duration.dividedBy(FASTER);
          Thread.sleep(real.toMillis(), real.toNanosPart() % 1_000_000);
        }

        @Override
        public Repetition every(Duration interval, Runnable work) {
          return Ticker.SYSTEM.every(interval.dividedBy(FASTER), work);
        }
      };

  /** Time that passes only when somebody sleeps; for one thread. */
  static final class Virtual implements Ticker {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void sleep(Duration duration) {
      now += duration.toNanos();
    }

    @Override
    public Repetition every(Duration interval, Runnable work) {
      return () -> {};
    }
  }

  @TempDir private Path folder;

  private final Ticker virtual = new Virtual();
  private final FakeRegistry.Contents contents = new FakeRegistry.Contents();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger turns = new AtomicInteger();
  private volatile boolean overlapped;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takeWhenManyPublishersComeGivesOneTurnAtATime(boolean deletes) throws Exception {
    contents.deletes = deletes;
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FakeRegistry registry = new FakeRegistry(contents, QUICK, Duration.ofMillis(120), i);
      String name = "p" + i;
      publishers.add(
          () -> {
            for (int round = 0; round < 5; round++) {
              turn(registry, name, QUICK);
            }
            return 0;
          });
    }
    runAll(publishers);
    assertThat(overlapped).isFalse();
    assertThat(turns).hasValue(40);
    assertThat(contents.tags).hasSize(deletes ? 0 : 40);
  }

  @Test
  void closeWhenTheClaimIsSeenAsSomethingElseSaysHowLongOthersReallyWait() {
    RecordingLog log = new RecordingLog();
    RegistryException wrong =
        new RegistryException(RegistryException.Kind.WRONG_CONTENT, "another digest");
    FakeRegistry registry =
        new FakeRegistry(contents, virtual, Duration.ofMillis(2), 1) {
          @Override
          public void put(String tagOrDigest, Manifest manifest, Runnable beforeEachTry) {
            throw wrong;
          }

          @Override
          public Optional<Manifest> manifest(String tagOrDigest) {
            throw wrong;
          }
        };
    PublisherQueue queue =
        new PublisherQueue(
            registry, new KnownManifests(folder), LastClaim.none(), "session", virtual, log);

    assertThatThrownBy(queue::take).isSameAs(wrong);
    assertThat(log.warnings).singleElement().asString().contains("for up to 20 s");
  }

  @Test
  void closeWhenTheRegistryOnlySaysThatItDeletesHoldsUpNobody() {
    contents.deletes = false;
    contents.saysThatItDeletes = true;
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(2), 1);
    queue(registry, folder.resolve("one"), virtual).take().close();

    assertThat(contents.tags).hasSize(1);
    long before = virtual.nanoTime();
    queue(registry, folder.resolve("two"), virtual).take().close();
    assertThat(Duration.ofNanos(virtual.nanoTime() - before)).isLessThan(PublisherTurn.LEAST_LEASE);
  }

  @Test
  void takeWhenTheRegistryIsSlowGivesOneTurnAtATime() throws Exception {
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FakeRegistry registry = new FakeRegistry(contents, QUICK, Duration.ofSeconds(20), i);
      String name = "p" + i;
      publishers.add(() -> turn(registry, name, QUICK));
    }
    runAll(publishers);
    assertThat(overlapped).isFalse();
    assertThat(turns).hasValue(3);
  }

  @Test
  void takeWhenListsOfTagsAreOldOnesGivesOneTurnAtATime() throws Exception {
    contents.listsFor = Duration.ofSeconds(15);
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FakeRegistry registry = new FakeRegistry(contents, QUICK, Duration.ofMillis(120), i);
      registry.tags();
      String name = "p" + i;
      publishers.add(() -> turn(registry, name, QUICK));
    }
    runAll(publishers);
    assertThat(overlapped).isFalse();
    assertThat(turns).hasValue(4);
  }

  @Test
  void takeWhenTheListOfTagsStaysOldRefuses() {
    contents.listsFor = Duration.ofDays(1);
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    registry.tags();
    assertThatThrownBy(() -> queue(registry, "one", virtual).take())
        .hasMessageContaining("it is an old list");
    assertThat(contents.tags).isEmpty();
  }

  @Test
  void takeWhenAnotherDiedAtAnyMomentPassesItOver() throws Exception {
    for (int moment = 0; moment < 24; moment++) {
      FakeRegistry dying = new FakeRegistry(contents, virtual, Duration.ofMillis(10), moment);
      dying.diesAfter = moment;
      try {
        turn(dying, "dying", virtual);
      } catch (FakeRegistry.Death e) {
        // As it should.
      }
      inside.set(0);
      int before = turns.get();
      turn(new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1), "next", virtual);
      assertThat(turns).hasValue(before + 1);
    }
  }

  @Test
  void keepWhenNoSignWasGivenForTooLongRefuses() {
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    PublisherQueue queue = queue(registry, "late", virtual);
    try (PublisherTurn turn = queue.take()) {
      turn.keep();
      virtual.sleep(PublisherTurn.LEAST_LEASE.plusSeconds(1));
      assertThatThrownBy(turn::keep)
          .hasMessageContaining("another publisher may have taken the turn");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void keepWhenTheRunDoesSomethingElseForLongFindsTheTurnKept() throws Exception {
    PublisherQueue queue =
        queue(new FakeRegistry(contents, QUICK, Duration.ofMillis(10), 1), "busy", QUICK);
    try (PublisherTurn turn = queue.take()) {
      QUICK.sleep(PublisherTurn.LEAST_LEASE.multipliedBy(2));
      turn.keep();
    }
  }

  @Test
  void keepWhenTheLookAtTheOwnTagTakesTooLongRefuses() {
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    try (PublisherTurn turn = queue(registry, "late", virtual).take()) {
      registry.looking = PublisherTurn.LEAST_LEASE.plusSeconds(1);
      assertThatThrownBy(turn::keep)
          .hasMessageContaining("another publisher may have taken the turn");
    }
  }

  @Test
  void takeWhenOneRunNamesARepositoryTwiceRefuses() {
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    PublisherQueue queue = queue(registry, "one", virtual);
    try (PublisherTurn turn = queue.take()) {
      assertThatThrownBy(queue::take).hasMessageContaining("another name of the same repository");
      turn.keep();
    }
  }

  @Test
  void takeWhenSeveralDiedWaitsForAllOfThemAtOnce() throws Exception {
    for (int i = 0; i < 4; i++) {
      FakeRegistry dying = new FakeRegistry(contents, virtual, Duration.ofMillis(10), i);
      dying.diesAfter = 12;
      String name = "dying" + i;
      assertThatThrownBy(() -> turn(dying, name, virtual)).isInstanceOf(FakeRegistry.Death.class);
    }
    assertThat(contents.tags).hasSize(4);
    long before = virtual.nanoTime();
    turn(new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1), "next", virtual);
    assertThat(Duration.ofNanos(virtual.nanoTime() - before))
        .isBetween(PublisherTurn.LEAST_LEASE, PublisherTurn.LEAST_LEASE.multipliedBy(2));
  }

  @Test
  void takeWhenTheLastOneOfThisUserDiedDoesNotWait() throws Exception {
    FakeRegistry dying = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    dying.diesAfter = 12;
    assertThatThrownBy(() -> turn(dying, "one", virtual)).isInstanceOf(FakeRegistry.Death.class);
    long before = virtual.nanoTime();
    turn(new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1), "one", virtual);
    assertThat(Duration.ofNanos(virtual.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void takeWhenAnotherIsPassedOverTellsItAtOnce() throws Exception {
    FakeRegistry registry = new FakeRegistry(contents, virtual, Duration.ofMillis(10), 1);
    try (PublisherTurn suspended = queue(registry, "suspended", virtual).take();
        PublisherTurn next = queue(registry, "next", virtual).take()) {
      assertThatThrownBy(() -> suspended.announce("2026.11-000"))
          .isInstanceOf(TurnLostException.class);
      next.keep();
    }
  }

  private int turn(FakeRegistry registry, String name, Ticker ticker) throws InterruptedException {
    PublisherQueue queue = queue(registry, name, ticker);
    try (PublisherTurn turn = queue.take()) {
      overlapped |= inside.incrementAndGet() > 1;
      ticker.sleep(Duration.ofMillis(200));
      turn.keep();
      turns.incrementAndGet();
      inside.decrementAndGet();
    }
    return 0;
  }

  private PublisherQueue queue(FakeRegistry registry, String name, Ticker ticker) {
    return queue(registry, folder.resolve(name), ticker);
  }

  /** That of a publisher whose cache is in a folder. */
  static PublisherQueue queue(FakeRegistry registry, Path home, Ticker ticker) {
    return new PublisherQueue(
        registry,
        new KnownManifests(home),
        LastClaim.of(home, registry.repository()),
        UUID.randomUUID().toString(),
        ticker,
        log());
  }

  static void runAll(List<Callable<Integer>> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Integer> each : pool.invokeAll(work)) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  static RunLog log() {
    return (RunLog)
        Proxy.newProxyInstance(
            RunLog.class.getClassLoader(),
            new Class<?>[] {RunLog.class},
            (proxy, method, arguments) -> null);
  }
}

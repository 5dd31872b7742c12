package io.baseimage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("docker")
@Isolated("an engine that starts has its time")
class OwnEngineIT {
  private final RecordingLog log = new RecordingLog();
  private final Surroundings surroundings;
  private final Path folder;
  private final OwnEngine engine;
  private final EngineLocator locator;

  OwnEngineIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    // The system's engines are out of sight; programs are found on the PATH.
    surroundings =
        new Surroundings(
            Map.of("PATH", Fixtures.pathWithIsolatedDaemon(folder)),
            folder.resolve("home"),
            folder.resolve("state"),
            true,
            folder.resolve("r"));
    engine = new OwnEngine(surroundings);
    locator = new EngineLocator(surroundings, engine);
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  private long pid() {
    return engine.status().pid().orElseThrow();
  }

  @Test
  void locateWhenNothingElseAnswersStartsOneThatStaysUntilStopped() throws IOException {
    try (Engine started = locator.locate(log)) {
      assertThat(started.info().foundBy()).isEqualTo("the toolkit's own engine");
      assertThat(started.info().address()).isEqualTo(engine.status().address());
      assertThat(started.find("none:1")).isEmpty();
    }
    long pid = pid();
    String[] stat = Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ", -1);
    assertThat(log.info).hasSize(2).first().asString().startsWith("starting an engine");
    assertThat(stat[5]).as("its session is its own").isEqualTo(Long.toString(pid));
    try (Engine again = locator.locate(log)) {
      assertThat(again.info().foundBy()).isEqualTo("the toolkit's own engine");
    }
    assertThat(pid()).isEqualTo(pid);
    assertThat(log.info).hasSize(2);

    assertThat(engine.stop()).isTrue();

    assertThat(engine.status().running()).isFalse();
    assertThat(engine.stop()).isFalse();
    assertThat(locator.running(new ArrayList<>())).isEmpty();
  }

  @Test
  void startWhenTwoStartAtOnceStartsOne() {
    CompletableFuture<Endpoint> one = CompletableFuture.supplyAsync(() -> engine.start(log));
    CompletableFuture<Endpoint> two =
        CompletableFuture.supplyAsync(() -> new OwnEngine(surroundings).start(log));

    assertThat(one).succeedsWithin(Duration.ofSeconds(60));
    assertThat(two).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(one.join());
    assertThat(log.info).filteredOn(line -> line.startsWith("starting")).hasSize(1);
  }

  @Test
  void startWhenEngineWasKilledStartsAnother() {
    engine.start(log);
    long first = pid();
    ProcessHandle killed = ProcessHandle.of(first).orElseThrow();
    killed.destroyForcibly();
    assertThat(Fixtures.eventually(Duration.ofSeconds(10), () -> !killed.isAlive())).isTrue();

    engine.start(log);

    assertThat(pid()).isNotEqualTo(first);
  }

  @Test
  void startWhenPidFilesNameStrangersLeavesThemAloneAndStarts() throws IOException {
    OwnEngineFiles files = OwnEngineFiles.of(surroundings);
    Path containerd = files.run().resolve("exec/containerd");
    Files.createDirectories(containerd);
    String self = Long.toString(ProcessHandle.current().pid());
    Files.writeString(files.run().resolve("dockerd.pid"), self);
    Files.writeString(containerd.resolve("containerd.pid"), self);
    Files.writeString(files.socket(), "");

    assertThat(engine.stop()).isFalse();
    engine.start(log);

    assertThat(engine.status().running()).isTrue();
  }

  @Test
  void startWhenDaemonDiesShowsTheEndOfItsLog() throws IOException {
    Fixtures.pathWithIsolatedDaemon(folder, "--no-such-option");
    OwnEngine broken = new OwnEngine(surroundings);

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> broken.start(log))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .withMessageContaining("it ended")
        .withMessageContaining("no-such-option")
        .withMessageContaining(broken.status().log().toString());
    assertThat(broken.status().running()).isFalse();
  }

  @Test
  void startWhenStateFolderIsDeepKeepsSocketsWhereTheirPathsFit() {
    Surroundings deep =
        new Surroundings(
            surroundings.environment(),
            surroundings.home(),
            surroundings.state().resolve("d".repeat(100)),
            true,
            surroundings.fileSystem());
    OwnEngine below = new OwnEngine(deep);
    try {
      Endpoint endpoint = below.start(log);

      assertThat(endpoint.address().text().length()).isLessThan(108 + "unix://".length());
      assertThat(below.status().data()).startsWith(deep.state());
    } finally {
      below.stop();
    }
  }
}

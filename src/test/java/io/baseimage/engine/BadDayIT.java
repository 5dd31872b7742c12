package io.baseimage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Builds on engines that die or have no space: each engine is the test's own. */
@Tag("docker")
@Isolated("an engine that starts has its time")
class BadDayIT {
  private final Path folder;
  private final Path state;
  private final RecordingLog log = new RecordingLog();
  private final OwnEngine own;
  private final EngineLocator locator;

  BadDayIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.state = Files.createDirectories(folder.resolve("state"));
    Surroundings surroundings =
        new Surroundings(
            Map.of("PATH", Fixtures.pathWithIsolatedDaemon(folder)),
            folder.resolve("home"),
            state,
            true,
            folder.resolve("r"));
    own = new OwnEngine(surroundings);
    locator = new EngineLocator(surroundings, own);
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    own.stop();
    Mounts.release(folder, Path.of("/bin/umount"));
  }

  @Test
  void buildWhenEngineDiesSaysWhichStepItWasAt() throws Exception {
    ImageReference base = Fixtures.uniqueName();
    try (Engine engine = locator.locate(log)) {
      Fixtures.importBase(engine, folder, base);
      CompletableFuture<EngineImage> build =
          build(engine, "FROM " + base, "RUN echo sleeping; exec sleep 1000");
      assertThat(Fixtures.eventually(Duration.ofSeconds(60), () -> log.output.contains("sleeping")))
          .isTrue();

      ProcessHandle.of(own.status().pid().orElseThrow()).orElseThrow().destroyForcibly();

      assertThat(build)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .havingCause()
          .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .contains("went away while building")
                      .contains("step 2 of 2, RUN echo sleeping; exec sleep 1000"));
    }
  }

  @Test
  void buildWhenNoSpaceIsLeftSaysWhereAndWhatToDo() throws Exception {
    mount();
    ImageReference base = Fixtures.uniqueName();
    try (Engine engine = locator.locate(log)) {
      Fixtures.importBase(engine, folder, base);

      CompletableFuture<EngineImage> build =
          build(engine, "FROM " + base, "RUN dd if=/dev/zero of=/big bs=1048576 count=200");

      assertThat(build)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .havingCause()
          .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE))
          .satisfies(
              e ->
                  assertThat(e.getMessage())
                      .contains("no space is left for the engine in " + own.status().data())
                      .contains("docker system prune"));
      assertThat(Fixtures.containersOf(engine, base)).isEmpty();
    }
  }

  private CompletableFuture<EngineImage> build(Engine engine, String... dockerfile)
      throws IOException {
    var request =
        Fixtures.request(folder, Fixtures.uniqueName(), engine.info().platform(), dockerfile);
    return CompletableFuture.supplyAsync(() -> engine.build(request, log));
  }

  private void mount() throws IOException, InterruptedException {
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", state.toString())
            .inheritIO()
            .start();
    assertThat(mount.waitFor()).isZero();
  }
}

package io.baseimage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildRequest;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RecordingLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("docker")
class DockerEngineIT {
  private final Path folder;
  private final RecordingLog log = new RecordingLog();
  private final List<ImageReference> made = new ArrayList<>();
  private final Engine engine;
  private final Platform platform;
  private final ImageReference base;

  DockerEngineIT(@TempDir Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    engine = Fixtures.engine(folder);
    platform = engine.info().platform();
    base = name();
    Fixtures.importBase(engine, folder, base);
  }

  @AfterEach
  void removeImages() {
    for (int i = made.size() - 1; i >= 0; i--) {
      engine.untag(made.get(i));
    }
    engine.close();
  }

  private ImageReference name() {
    ImageReference name = Fixtures.uniqueName();
    made.add(name);
    return name;
  }

  @Test
  void buildWhenStepsSucceedGivesTheImageAndItsOutput() throws IOException {
    ImageReference name = name();

    EngineImage image =
        engine.build(
            request(
                name,
                "FROM " + base,
                "ARG WORD",
                "LABEL he.test=" + name.tag(),
                "RUN echo \"said $WORD\"; echo complained >&2; echo \"$WORD\" >/word",
                "RUN echo two >/two"),
            log);

    assertThat(image.tags()).containsExactly(name.toString());
    assertThat(image.platform()).isEqualTo(platform);
    assertThat(image.labels()).containsEntry("he.test", name.tag());
    assertThat(image.layers()).hasSize(3);
    assertThat(image.sizeBytes()).isPositive();
    assertThat(log.output).contains("said hello", "complained");
    assertThat(log.progress).contains("Building " + name + " 5/5");
    assertThat(engine.find(name.toString())).contains(image);
    assertThat(engine.find(image.id().toString())).contains(image);
    assertThat(engine.find(image.id().abbreviated())).contains(image);
    assertThat(engine.findByLabel("he.test=" + name.tag())).containsExactly(image);
    assertThat(engine.readFiles(image.id().toString(), List.of("/word")))
        .containsOnlyKeys("/word")
        .containsEntry("/word", "hello\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void buildWhenStepFailsNamesItAndItsStatusAndTheEndOfItsOutput() throws IOException {
    ImageReference name = name();

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () ->
                engine.build(request(name, "FROM " + base, "RUN echo about to fail; exit 42"), log))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.BUILD))
        .withMessageContaining("step 2 of 2, RUN echo about to fail; exit 42")
        .withMessageContaining("exit status 42")
        .withMessageEndingWith("The end of its output:\n  about to fail");
    assertThat(engine.find(name.toString())).isEmpty();
    assertNothingRuns();
  }

  @Test
  void buildWhenDockerfileIsBrokenIsABuildFailure() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> engine.build(request(name(), "FROM " + base, "FRUM scratch"), log))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.BUILD))
        .withMessageContaining("FRUM");
  }

  @Test
  void buildWhenBaseDoesNotExistSaysSo() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> engine.build(request(name(), "FROM localhost:1/he/none:1"), log))
        .satisfies(e -> assertThat(e.kind()).isIn(Kind.NOT_FOUND, Kind.REGISTRY))
        .withMessageContaining("its base localhost:1/he/none:1");
  }

  @Test
  void buildWhenInterruptedLeavesNoContainerAndNoName() throws Exception {
    ImageReference name = name();
    BuildRequest request =
        request(name, "FROM " + base, "RUN echo sleeping; exec sleep 1000", "RUN echo never");
    CompletableFuture<EngineImage> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(engine.build(request, log));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.start();
    assertThat(Fixtures.eventually(Duration.ofSeconds(60), () -> log.output.contains("sleeping")))
        .isTrue();

    thread.interrupt();
    assertThat(result)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(InterruptedRunException.class)
        .withMessageContaining("build " + name)
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(engine.find(name.toString())).isEmpty();
    assertNothingRuns();
  }

  @Test
  void tagWhenNamedTwiceListsBothAndUntagIsIdempotent() throws IOException {
    ImageReference one = ImageReference.parse("he/tags-" + System.nanoTime() + ":one");
    ImageReference two = one.withTag("two");
    String id = engine.find(base.toString()).orElseThrow().id().toString();

    engine.tag(id, one);
    engine.tag(id, two);
    List<String> both = engine.tags(one.repository());
    engine.untag(one);
    engine.untag(one);
    List<String> left = engine.tags(one.repository());
    engine.untag(two);

    assertThat(both).containsExactly("one", "two");
    assertThat(left).containsExactly("two");
    assertThat(engine.tags(one.repository())).isEmpty();
    assertThat(engine.find(id)).isPresent();
  }

  @Test
  void readFilesWhenPathIsLinkOrFolderOrMissingReadsWhatIsThere() throws IOException {
    ImageReference name = name();
    EngineImage image =
        engine.build(request(name, "FROM " + base, "COPY . /d/", "CMD []", "ENTRYPOINT []"), log);

    Map<String, byte[]> files =
        engine.readFiles(image.id().toString(), List.of("/d", "/d/Dockerfile", "/none", "/d/"));

    assertThat(files).containsOnlyKeys("/d/Dockerfile");
  }

  @Test
  void loadWhenPlatformIsForeignGivesAnImageForIt() throws IOException {
    ImageReference name = name();
    Platform foreign = Platform.parse(platform.architecture().equals("arm64") ? "amd64" : "arm64");
    Path rootfs = Fixtures.tar(folder.resolve("foreign.tar"), Map.of("file", "content"));

    EngineImage image = Fixtures.importBase(engine, rootfs, name, foreign);

    assertThat(image.platform()).isEqualTo(foreign);
    assertThat(image.tags()).containsExactly(name.toString());
    assertThat(engine.readFiles(image.id().toString(), List.of("/file"))).containsKey("/file");
  }

  @Test
  void findWhenThereIsNoSuchImageIsEmpty() {
    assertThat(engine.find("he/no-such-image:1")).isEmpty();
    assertThat(engine.find("sha256:" + "0".repeat(64))).isEmpty();
  }

  @Test
  void buildWhenBaseIsForAnotherPlatformRefusesTheResult() throws IOException {
    ImageReference foreignBase = name();
    Platform foreign = Platform.parse(platform.architecture().equals("arm64") ? "amd64" : "arm64");
    Path rootfs = Fixtures.tar(folder.resolve("foreign.tar"), Map.of("file", "content"));
    Fixtures.importBase(engine, rootfs, foreignBase, foreign);
    ImageReference name = name();

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> engine.build(request(name, "FROM " + foreignBase, "LABEL a=b"), log))
        .satisfies(e -> assertThat(e.kind()).isIn(Kind.PLATFORM, Kind.NOT_FOUND, Kind.REGISTRY));
    assertThat(engine.find(name.toString())).isEmpty();
  }

  @Test
  void buildWhenOnlyStepsOfOneImageMayBeTakenTakesThemAndNoOthers() throws IOException {
    String[] shared = {
      "FROM " + base, "ENV A=b", "RUN read id </proc/sys/kernel/random/uuid; echo $id >/made"
    };
    String[] child = {
      shared[0], shared[1], shared[2], "RUN read id </proc/sys/kernel/random/uuid; echo $id >/own"
    };
    engine.build(cached(Optional.empty(), child), log);
    EngineImage parent = engine.build(cached(Optional.of(Set.of()), shared), log);
    engine.build(cached(Optional.of(Set.of()), shared), log);

    EngineImage built = engine.build(cached(Optional.of(Set.of(parent.id())), child), log);
    EngineImage again = engine.build(cached(Optional.of(Set.of(parent.id())), child), log);

    assertThat(built.layers()).startsWith(parent.layers().toArray(Digest[]::new));
    assertThat(again.layers()).startsWith(parent.layers().toArray(Digest[]::new));
    assertThat(again.layers().get(2)).isNotEqualTo(built.layers().get(2));
  }

  private BuildRequest cached(Optional<Set<Digest>> from, String... dockerfile) throws IOException {
    BuildRequest plain = Fixtures.request(folder, name(), platform, dockerfile);
    return new BuildRequest(plain.context(), plain.name(), platform, from, Map.of());
  }

  private BuildRequest request(ImageReference name, String... dockerfile) throws IOException {
    BuildRequest plain = Fixtures.request(folder, name, platform, dockerfile);
    return new BuildRequest(
        plain.context(), name, platform, Optional.empty(), Map.of("WORD", "hello"));
  }

  /** No container descends from this test's base. */
  private void assertNothingRuns() {
    assertThat(Fixtures.containersOf(engine, base)).isEmpty();
  }
}

package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.NothingInside;
import io.baseimage.publish.Publication;
import io.baseimage.publish.Release;
import io.baseimage.publish.Rollback;
import io.baseimage.publish.SavedImages;
import io.baseimage.registry.Fault;
import io.baseimage.registry.FaultProxy;
import io.baseimage.registry.JibRegistries;
import io.baseimage.registry.PublishedTags;
import io.baseimage.registry.RegistryServer;
import io.baseimage.registry.RegistrySettings;
import io.baseimage.registry.Retries;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that publish or roll back and are refused, stopped or killed in the middle, on a real
 * registry. The variable KILL_EVERY makes it try more.
 */
@Tag("docker")
final class PublishStoppedIT {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int KILL_EVERY =
      Optional.ofNullable(System.getenv("KILL_EVERY")).map(Integer::parseInt).orElse(8);
  private static final Platform PLATFORM = new Platform("linux", "amd64");
  private static final List<String> ALIASES = List.of("debian-12", "latest");

  @TempDir private Path folder;
  private RegistryServer server;
  private FaultProxy proxy;
  private PublishedTags published;

  @BeforeEach
  void startRegistry() throws Exception {
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), true);
    proxy = new FaultProxy(server.port());
    published = new PublishedTags(server, "joe/baseimage");
  }

  @AfterEach
  void stopRegistry() throws Exception {
    proxy.close();
    server.close();
  }

  @Test
  void publishWhenTheRegistryRefusesTheSecondVersionSaysWhatIsThere() throws Exception {
    try (LoadedImages images = new LoadedImages(folder)) {
      proxy.chosen = "PUT .*/manifests/debian-13-.*";
      proxy.spoil(0, Fault.STATUS_403);
      Launched publisher = publisher(images);

      assertThat(publisher.await(LONG))
          .as(publisher.err())
          .isEqualTo(ExitCode.REGISTRY_ACCESS.code());
      Map<String, String> tags = published.read();
      assertThat(tags).hasSize(1);
      tags.forEach(
          (tag, digest) ->
              assertThat(publisher.err())
                  .contains("403 DENIED: spoiled. Check that this user may write to ")
                  .contains("  published: " + tag + "@" + digest + "\n")
                  .contains("  not published: debian-13-20")
                  .contains("  not moved: debian-12, latest, debian-13\n"));
    }
  }

  @Test
  void publishWhenItIsStoppedSaysWhatIsThere() throws Exception {
    try (LoadedImages images = new LoadedImages(folder)) {
      CountDownLatch begun = new CountDownLatch(1);
      proxy.chosen = "PUT .*/manifests/latest";
      proxy.onRequest =
          number -> {
            if (number == 0) {
              begun.countDown();
            }
          };
      proxy.spoil(0, Fault.SLOW);
      Launched publisher = publisher(images);
      assertThat(begun.await(60, TimeUnit.SECONDS)).as(publisher.err()).isTrue();
      publisher.signal("INT");

      assertThat(publisher.await(Duration.ofSeconds(20))).as(publisher.err()).isEqualTo(130);
      Map<String, String> tags = published.read();
      assertThat(tags).hasSize(3).containsKey("debian-12").doesNotContainKey("latest");
      assertThat(publisher.err())
          .contains("interrupted while trying to store the manifest")
          .contains("  published: debian-12-20")
          .contains(", debian-13-20")
          .contains("  moved: debian-12\n")
          .contains("  perhaps moved: latest\n")
          .contains("  not moved: debian-13\n");
    }
  }

  private Launched publisher(LoadedImages images) throws Exception {
    return Launched.start(
        folder,
        Map.of(),
        "publish",
        images.load("debian-12", PLATFORM),
        images.load("debian-13", PLATFORM),
        "--default-variant=debian-12",
        "--to=" + proxy.host() + "/joe/baseimage",
        "--no-test");
  }

  @Test
  void rollbackWhenItIsKilledAtAnyRequestLeavesWhatTheNextOneCompletes() throws Exception {
    TagRule rule = TagRule.usual("debian-12");
    publishHere(rule);
    ImageVersion good = rule.newest(published.read().keySet()).orElseThrow();
    boolean killed = true;
    for (int request = 1; killed; request += KILL_EVERY) {
      publishHere(rule);
      Map<String, String> before = published.read();
      ImageVersion bad = rule.newest(before.keySet()).orElseThrow();
      assertThat(before.get("latest")).isEqualTo(before.get(rule.tag(bad)));

      killed = rollbackKilledAt(request);

      Map<String, String> after = published.read();
      before.keySet().removeAll(ALIASES);
      assertThat(after).containsAllEntriesOf(before);
      boolean withdrawn = after.containsKey(rule.tag(bad) + "-withdrawn");
      for (String alias : ALIASES) {
        assertThat(after.get(alias)).isIn(after.get(rule.tag(good)), after.get(rule.tag(bad)));
        assertThat(withdrawn || Objects.equals(after.get(alias), after.get(rule.tag(bad))))
            .isTrue();
      }

      new Rollback(
              registries().open(repository()), workspace(), Clock.systemUTC(), new RecordingLog())
          .to(rule, Optional.of(good), ALIASES);
      Map<String, String> last = published.read();
      assertThat(last).containsAllEntriesOf(before).containsKey(rule.tag(bad) + "-withdrawn");
      ALIASES.forEach(alias -> assertThat(last.get(alias)).isEqualTo(last.get(rule.tag(good))));
    }
    published.copyBySkopeo(List.of("latest", rule.tag(good)), folder.resolve("copy"));
  }

  /** Whether it was still there to be killed when it made that request. */
  private boolean rollbackKilledAt(int request) throws Exception {
    List<Launched> running = new ArrayList<>();
    boolean[] killed = new boolean[1];
    int[] seen = new int[1];
    proxy.onRequest =
        number -> {
          synchronized (running) {
            if (++seen[0] == request) {
              killed[0] = true;
              running.get(0).kill();
            }
          }
        };
    synchronized (running) {
      running.add(
          Launched.start(
              folder,
              Map.of("XDG_STATE_HOME", folder.resolve("state").toString()),
              "rollback",
              proxy.host() + "/joe/baseimage",
              "--variant=debian-12",
              "--default-variant=debian-12"));
    }
    int status = running.get(0).await(LONG);
    proxy.onRequest = number -> {};
    assertThat(killed[0] || status == 0).as(running.get(0).err()).isTrue();
    return killed[0];
  }

  /** A new version, by this process, which goes as the same publisher. */
  private void publishHere(TagRule rule) {
    SavedImages images = new SavedImages();
    EngineImage image = images.add(PLATFORM, "rollback " + System.nanoTime());
    new Publication(
            images.engine(),
            new NothingInside(),
            new NothingInside(),
            registries(),
            workspace(),
            Clock.systemUTC(),
            new RecordingLog())
        .publish(
            Map.of(repository(), List.of(new Release(rule, ALIASES, List.of(image), Map.of()))));
  }

  private ImageReference repository() {
    return ImageReference.parse(server.host() + "/joe/baseimage");
  }

  private Registries registries() {
    return new JibRegistries(
        new RegistrySettings(Map.of(), folder, repository(), Optional.empty(), Retries.USUAL),
        new RecordingLog());
  }

  private Workspace workspace() {
    return new Workspace(
        folder.resolve("cache"), folder.resolve("state").resolve("baseimage-build"), folder);
  }
}

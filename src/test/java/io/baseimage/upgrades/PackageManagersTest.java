package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.PackageUpgrades.Image;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import io.baseimage.upgrades.RememberedUpgrades.Finding;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageManagersTest {
  private static final String INDEX = "/debian/dists/bookworm/InRelease";
  private static final String OF_SECURITY = "/security/dists/bookworm-security/InRelease";
  private static final List<Upgrade> UPGRADES =
      List.of(new Upgrade("libc6", "2.36-9", "2.36-10", Security.YES));
  private static final Answer ASKED = new Answer.Unknown("no engine answers");

  @TempDir private Path cache;
  private Archive archive;
  private RememberedUpgrades remembered;
  private int asked;

  @BeforeEach
  void open() throws IOException {
    archive = new Archive();
    archive.has(INDEX, "main");
    archive.has(OF_SECURITY, "security");
    remembered = new RememberedUpgrades(cache);
  }

  @AfterEach
  void close() {
    archive.close();
  }

  @Test
  void ofWhenAllIndexesAreAsTheyWereAsksNoEngine() {
    remember("one", "main", "security", UPGRADES);
    remember("other", "main", "security", List.of());

    assertThat(of("one", "other"))
        .isEqualTo(
            Map.of(
                image("one"), new Answer.Known(UPGRADES),
                image("other"), new Answer.Known(List.of())));
    assertThat(asked).isZero();
    assertThat(archive.asked).containsExactlyInAnyOrder(INDEX, OF_SECURITY);
  }

  @Test
  void ofWhenSomeIndexesAreOthersAsksForTheirImagesOnly() {
    remember("same", "main", "security", UPGRADES);
    remember("old", "main", "security of yesterday", UPGRADES);

    assertThat(of("same", "old", "new"))
        .isEqualTo(
            Map.of(
                image("same"), new Answer.Known(UPGRADES),
                image("old"), ASKED,
                image("new"), ASKED));
    assertThat(asked).isOne();
  }

  @Test
  void ofWhenAnIndexCannotBeReadAsks() {
    remember("one", "main", "security", List.of());
    archive.answers(OF_SECURITY, 503, "security");

    assertThat(of("one")).isEqualTo(Map.of(image("one"), ASKED));
  }

  @Test
  void ofWhenNothingIsRememberedReadsNoIndex() {
    assertThat(of("one")).isEqualTo(Map.of(image("one"), ASKED));
    assertThat(archive.asked).isEmpty();
  }

  private Map<Image, Answer> of(String... names) {
    return new PackageManagers(cache, Clock.systemUTC(), ProxySelector.of(null))
        .of(
            List.of(names).stream().map(PackageManagersTest::image).toList(),
            this::engine,
            new RecordingLog());
  }

  private Engine engine() {
    asked++;
    throw new EngineException(EngineException.Kind.UNREACHABLE, "no engine answers");
  }

  private void remember(String name, String main, String security, List<Upgrade> upgrades) {
    remembered.remember(
        image(name).id(),
        new Finding(
            Map.of(
                archive.url(INDEX), digest(main).hex(),
                archive.url(OF_SECURITY), digest(security).hex()),
            upgrades));
  }

  private static Image image(String name) {
    return new Image(
        digest(name),
        new ImageReference("joe/baseimage", null, digest(name)),
        new Platform("linux", "amd64"));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

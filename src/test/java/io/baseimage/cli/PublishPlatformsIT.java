package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Platform;
import io.baseimage.registry.PublishedTags;
import io.baseimage.registry.RegistryServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images for several platforms, of a real engine, become one version of a real registry. */
@Tag("docker")
final class PublishPlatformsIT {
  private static final Platform AMD64 = new Platform("linux", "amd64");
  private static final Platform ARM64 = new Platform("linux", "arm64");

  @TempDir private Path folder;

  @Test
  void publishGivesOneIndexAndNeverOneThatLacksAPlatform() throws Exception {
    try (RegistryServer server =
            RegistryServer.open(Files.createDirectory(folder.resolve("registry")), true);
        LoadedImages images = new LoadedImages(folder)) {
      String name = server.host() + "/joe/baseimage";
      PublishedTags published = new PublishedTags(server, "joe/baseimage");
      String amd = images.load("debian-12", AMD64);
      String arm = images.load("debian-12", ARM64);

      Launched both = publish(name, amd, arm);
      assertThat(both.status()).as(both.err()).isZero();
      String version = both.out().lines().findFirst().orElseThrow();
      Map<String, String> tags = published.read();
      assertThat(tags).hasSize(2).containsEntry("debian-12", version.replaceFirst(".*@", ""));
      published.copyBySkopeo(List.of("debian-12"), folder.resolve("copy"));
      JsonNode index =
          new ObjectMapper().readTree(folder.resolve("copy").resolve("manifest.json").toFile());
      assertThat(index.path("manifests")).hasSize(2);
      assertThat(configuration(name, "amd64")).isEqualTo(amd);
      assertThat(configuration(name, "arm64")).isEqualTo(arm);

      for (String alone : List.of(amd, arm)) {
        Launched one = publish(name, alone);
        assertThat(one.status()).as(one.err()).isEqualTo(ExitCode.REGISTRY.code());
        assertThat(one.err())
            .contains(alone.equals(amd) ? "is for linux/arm64, too" : "is for linux/amd64, too")
            .contains("Nothing visible was changed in " + name);
        assertThat(published.read()).isEqualTo(tags);
      }
      Launched again = publish(name, arm, amd);
      assertThat(again.status()).as(again.err()).isZero();
      assertThat(published.read()).containsKey(tags.keySet().iterator().next()).hasSize(3);
      assertThat(pulled(name + ":debian-12", AMD64)).isEqualTo(amd);
      assertThat(pulled(name + ":debian-12", ARM64)).isEqualTo(arm);
    }
  }

  /** The id of the image that the engine pulls for a platform. */
  private static String pulled(String name, Platform platform) throws Exception {
    Launched.docker("pull", "--platform=" + platform, name);
    String id = Launched.docker("inspect", "--format={{.Id}}", name);
    Launched.docker("rmi", name);
    return id;
  }

  private Launched publish(String name, String... ids) throws Exception {
    List<String> line = new ArrayList<>(List.of("publish"));
    line.addAll(List.of(ids));
    line.addAll(List.of("--to", name, "--no-test"));
    return Launched.run(folder, Duration.ofMinutes(3), line.toArray(String[]::new));
  }

  /** The digest of the configuration that skopeo finds for a platform. */
  private String configuration(String name, String architecture) throws Exception {
    Path copy = folder.resolve(architecture);
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--override-os=linux",
                "--override-arch=" + architecture,
                "--src-tls-verify=false",
                "docker://" + name + ":debian-12",
                "dir:" + copy)
            .inheritIO()
            .start();
    assertThat(skopeo.waitFor()).isZero();
    JsonNode manifest = new ObjectMapper().readTree(copy.resolve("manifest.json").toFile());
    String digest = manifest.path("config").path("digest").asText();
    JsonNode configuration =
        new ObjectMapper().readTree(copy.resolve(digest.replace("sha256:", "")).toFile());
    assertThat(configuration.path("architecture").asText()).isEqualTo(architecture);
    return digest;
  }
}

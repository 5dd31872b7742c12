package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Images to check: one that keeps the contract, and any others by a Dockerfile. */
final class TestImages {
  static final String ENGINE =
      Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");

  private static @Nullable String good;

  private TestImages() {}

  /**
   * An image that keeps the contract: built by the toolkit, unless the system property {@code
   * baseimage.test.image} names another.
   */
  static synchronized String good() throws IOException, InterruptedException {
    if (good == null) {
      good = System.getProperty("baseimage.test.image");
    }
    if (good == null) {
      Path log = Path.of("target", "contract-it.log");
      Process build =
          new ProcessBuilder(
                  "./baseimage-build",
                  "--variant=src/test/resources/io/baseimage/contract/good.yaml",
                  "--name=contract-it/good",
                  "--no-test",
                  // A run before this one may have been on another day.
                  "--no-cache",
                  "--output=target/contract-it")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(build.waitFor()).as(log.toString()).isZero();
      good = "contract-it/good:good";
    }
    return good;
  }

  static String build(Path context, String dockerfile) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile + "\n");
    String tag = "localhost/contract-it:" + UUID.randomUUID();
    client()
        .buildImageCmd(context.toFile())
        .withTags(Set.of(tag))
        .withRemove(true)
        .withForcerm(true)
        .exec(new BuildImageResultCallback())
        .awaitImageId();
    return tag;
  }

  static void remove(String image) {
    client().removeImageCmd(image).withForce(true).exec();
  }

  static CheckReport check(String image, double scale) {
    return new ContractSuite(ENGINE)
        .check(new CheckRequest(image, Optional.empty(), scale), new RecordingLog());
  }

  static List<String> containersOf(String image) {
    return client()
        .listContainersCmd()
        .withShowAll(true)
        .withAncestorFilter(List.of(image))
        .exec()
        .stream()
        .map(container -> container.getId() + " " + container.getCommand())
        .toList();
  }

  private static DockerClient client() {
    return Connection.to(ENGINE);
  }
}

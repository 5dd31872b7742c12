package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.registry.RegistryServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images that only those may read who have the password, on a machine that has none of them yet and
 * knows the password by its environment alone, as CI has it.
 */
@Tag("docker")
final class PrivateRegistryIT {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String VARIANT = "debian-13-lite";

  @TempDir private Path folder;
  private RegistryServer server;
  private String name;

  @BeforeEach
  void open() throws Exception {
    server = RegistryServer.closed(Files.createDirectory(folder.resolve("registry")));
    name = server.host() + "/joe/baseimage";
    Files.createDirectory(folder.resolve("docker"));
  }

  @AfterEach
  void close() throws Exception {
    Launched.forgetImagesOf(server.host());
    server.close();
  }

  @Test
  void checkPullsWithTheCredentialsOfTheRun() throws Exception {
    Launched built = run(Map.of(), "--variant", VARIANT, "--name", name, "--push", "--no-test");
    assertThat(built.status()).as(built.err()).isZero();
    Launched.forgetImagesOf(server.host());

    Launched check =
        run(
            Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
            "check",
            name,
            "--variant",
            VARIANT);
    assertThat(check.status()).as(check.out() + check.err()).isZero();
    assertThat(check.out()).contains("fresh");
  }

  private Launched run(Map<String, String> more, String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("DOCKER_CONFIG", folder.resolve("docker").toString());
    environment.put("BASEIMAGE_REGISTRY_USERNAME", RegistryServer.USER);
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", RegistryServer.PASSWORD);
    Launched launched = Launched.start(folder, environment, arguments);
    launched.await(LONG);
    return launched;
  }
}

package io.baseimage.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.BootstrapException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.variant.Bootstrap;
import io.baseimage.variant.Bootstrap.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real tools, as root, and an archive. */
@Tag("docker")
class DebianBootstrapperIT {
  private final Platform platform =
      Platform.parse(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
  private final Path folder;
  private final RecordingLog log = new RecordingLog();

  DebianBootstrapperIT(@TempDir Path folder) {
    this.folder = folder;
  }

  private DebianBootstrapper bootstrapper() {
    return new DebianBootstrapper(
        List.of(Path.of("variants/keyrings"), Path.of("/usr/share/keyrings")),
        System.getenv(),
        true);
  }

  private static Bootstrap bookworm(Tool tool, String keyring, Optional<String> mirror) {
    return new Bootstrap(
        tool,
        "bookworm",
        "minbase",
        List.of("main"),
        List.of("-updates", "-security"),
        keyring,
        Optional.empty(),
        mirror);
  }

  @Test
  void bootstrapWhenAllIsWellMakesALeanBaseWithItsPackageSources() throws Exception {
    Path tar =
        bootstrapper()
            .bootstrap(
                bookworm(Tool.MMDEBSTRAP, "debian-archive-keyring", Optional.empty()),
                platform,
                folder,
                log);

    List<String> names = output("tar", "-tf", tar.toString()).lines().toList();
    assertThat(Files.size(tar)).isLessThan(140_000_000L);
    assertThat(names)
        .contains("./etc/debian_version", "./usr/bin/apt-get", "./dev/", "./proc/")
        .doesNotContain("./etc/hostname", "./etc/resolv.conf", "./usr/bin/perldoc")
        .noneMatch(name -> name.startsWith("./dev/") && !name.equals("./dev/"))
        .noneMatch(name -> name.startsWith("./var/lib/apt/lists/") && name.endsWith("Packages"))
        .noneMatch(name -> name.endsWith(".deb"));
    assertThat(names)
        .as("all that the first package brings")
        .map(name -> name.replaceFirst("/$", ""))
        .containsAll(
            output("tar", "-xOf", tar.toString(), "./var/lib/dpkg/info/base-files.list")
                .lines()
                .filter(path -> path.startsWith("/var/"))
                .map(path -> "." + path)
                .toList());
    assertThat(output("tar", "-xOf", tar.toString(), "./etc/apt/sources.list").lines())
        .anyMatch(line -> line.matches("deb .* bookworm main"))
        .anyMatch(line -> line.matches("deb .* bookworm-updates main"))
        .anyMatch(line -> line.matches("deb .* bookworm-security main"));
    assertThat(folder.toFile().list()).containsExactly("rootfs.tar");
  }

  @Test
  void bootstrapWhenKeyringIsAnotherDistributionsRefuses() {
    for (Tool tool : Tool.values()) {
      assertThatExceptionOfType(BootstrapException.class)
          .isThrownBy(
              () ->
                  bootstrapper()
                      .bootstrap(
                          bookworm(tool, "ubuntu-archive-keyring", Optional.empty()),
                          platform,
                          folder,
                          log))
          .withMessageContaining("signature cannot be checked with")
          .withMessageContaining("ubuntu-archive-keyring.gpg");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void bootstrapWhenMirrorRefusesNamesItsAddress() {
    for (Tool tool : Tool.values()) {
      assertThatExceptionOfType(BootstrapException.class)
          .isThrownBy(
              () ->
                  bootstrapper()
                      .bootstrap(
                          bookworm(
                              tool,
                              "debian-archive-keyring",
                              Optional.of("http://127.0.0.1:1/debian")),
                          platform,
                          folder,
                          log))
          .withMessageContaining("Addresses that failed: http://127.0.0.1:1/debian");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void bootstrapWhenInterruptedLeavesNoProcessNoMountAndNoFile() throws Exception {
    for (Tool tool : Tool.values()) {
      log.output.clear();
      CompletableFuture<Path> result = new CompletableFuture<>();
      Bootstrap recipe = bookworm(tool, "debian-archive-keyring", Optional.empty());
      Thread thread =
          new Thread(
              () -> {
                try {
                  result.complete(bootstrapper().bootstrap(recipe, platform, folder, log));
                } catch (RuntimeException e) {
                  result.completeExceptionally(e);
                }
              });
      thread.start();
      // Both are inside the new root by then, with /proc mounted in it.
      assertThat(eventually(() -> log.output.stream().anyMatch(DebianBootstrapperIT::installing)))
          .as("output: %s", log.output)
          .isTrue();

      thread.interrupt();

      assertThat(result)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withCauseInstanceOf(InterruptedRunException.class);
      assertThat(folder).isEmptyDirectory();
      assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
      assertThat(eventually(() -> !inside(folder))).as("no process is inside").isTrue();
    }
  }

  private static boolean installing(String line) {
    return line.startsWith("I: installing essential packages")
        || line.startsWith("I: Unpacking required packages");
  }

  /** Whether a process has its root or its working directory there. */
  private static boolean inside(Path folder) {
    return ProcessHandle.allProcesses()
        .flatMap(
            process ->
                List.of("root", "cwd").stream()
                    .map(link -> Path.of("/proc", Long.toString(process.pid()), link)))
        .anyMatch(link -> leadsInto(link, folder));
  }

  private static boolean leadsInto(Path link, Path folder) {
    try {
      return Files.readSymbolicLink(link).startsWith(folder);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean eventually(BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return true;
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

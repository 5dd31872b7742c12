package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime in C: compiled from nothing, and its unit tests run where it is compiled. */
@Tag("docker")
final class RuntimeProgramsIT {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String TOOLCHAIN = "localhost/baseimage-build/toolchain";

  @TempDir private Path folder;

  @Test
  void programsWhenCompiledTwiceAreTheSameBytes() throws Exception {
    Path first = render("first", folder.resolve("cache-1"));
    Path second = render("second", folder.resolve("cache-2"));
    long size = 0;
    for (String program : List.of("my_init", "setuser")) {
      Path file = first.resolve("rootfs/usr/sbin").resolve(program);
      assertThat(file).hasSameBinaryContentAs(second.resolve("rootfs/usr/sbin").resolve(program));
      size += Files.size(file);
    }
    assertThat(size).isLessThan(120_000);
    assertThat(first.resolve("rootfs/usr/sbin/container-ready"))
        .hasSameBinaryContentAs(second.resolve("rootfs/usr/sbin/container-ready"));
  }

  @Test
  void unitTestsAndFuzzerPassUnderSanitizers() throws Exception {
    render("any", folder.resolve("cache"));
    String output = make(newest(TOOLCHAIN + ":????????????"), "FUZZ_SECONDS=10 make test");
    assertThat(output).containsPattern("\\n[1-9]\\d* passed, 0 failed\\n");
    assertThat(output).containsPattern("\\nfuzz: [1-9]\\d* environments");
  }

  @Test
  void programsForArm64AreMadeByTheSameToolchainAndTheirTestsPassUnderQemu() throws Exception {
    Path programs =
        render("arm64", folder.resolve("cache"), "--platform", "linux/arm64")
            .resolve("rootfs/usr/sbin");
    String image = "localhost/baseimage-build/qemu:debian-12";
    Path qemu = Files.createDirectory(folder.resolve("qemu"));
    Files.writeString(
        qemu.resolve("Dockerfile"),
        "FROM "
            + newest(TOOLCHAIN + ":*-arm64")
            + "\nRUN apt-get update && cd /tmp && apt-get download qemu-user-static"
            + " && dpkg --fsys-tarfile qemu-user-static_*.deb | tar -x -C / ./usr/bin/qemu-aarch64-static"
            + " && rm -rf qemu-user-static_*.deb /var/lib/apt/lists/*\n");
    Launched.docker("build", "--tag", image, qemu.toString());
    String output =
        make(
            image,
            "FUZZ_SECONDS=3 make test RUNNER=qemu-aarch64-static SANITIZERS=-static"
                + " HOST_CC=aarch64-linux-musl-gcc",
            "make MACHINE=aarch64 && cd /out && sha256sum my_init setuser container-ready");
    assertThat(output).containsPattern("\\n[1-9]\\d* passed, 0 failed\\n");
    assertThat(output).containsPattern("\\nfuzz: [1-9]\\d* environments");
    for (String program : List.of("my_init", "setuser", "container-ready")) {
      byte[] bytes = Files.readAllBytes(programs.resolve(program));
      // e_machine of an ELF file: EM_AARCH64.
      assertThat(bytes[18]).isEqualTo((byte) 183);
      assertThat(output).contains(Digest.of(bytes).hex() + "  " + program);
    }
  }

  @Test
  void programsWhenDrivenInAContainerDoWhatTheyPromise() throws Exception {
    Path programs = render("driven", folder.resolve("cache")).resolve("rootfs/usr/sbin");
    String base = Launched.bootstrapped("debian-12");
    String image = "localhost/baseimage-build/drive:debian-12";
    Launched.docker("build", "--build-arg", "BASE=" + base, "--tag", image, "src/test/c/image");
    Process drive =
        new ProcessBuilder(
                "sh",
                "src/test/c/drive.sh",
                image,
                programs.toString(),
                "exit",
                "startup",
                "environment",
                "pid1",
                "ready",
                "user",
                "cron",
                "manual")
            .redirectErrorStream(true)
            .start();
    String output = new String(drive.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(drive.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("\\n[23][0-9]{2} passed, 0 failed\\n");
  }

  /** Runs commands of make in an image; what they wrote. */
  private String make(String image, String... commands) throws Exception {
    Path context = Files.createDirectory(folder.resolve("context"));
    copy(Path.of("src/main/c"), context.resolve("main/c"));
    copy(Path.of("src/test/c"), context.resolve("test/c"));
    StringBuilder dockerfile =
        new StringBuilder("FROM " + image + "\nCOPY . /src\nWORKDIR /src/main/c\nENV OUT=/out\n");
    for (String command : commands) {
      dockerfile.append("RUN ").append(command).append('\n');
    }
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return Launched.docker("build", "--no-cache", "--force-rm", context.toString());
  }

  private static String newest(String images) throws Exception {
    return Launched.docker("images", "--quiet", "--filter", "reference=" + images)
        .lines()
        .findFirst()
        .orElseThrow();
  }

  private Path render(String name, Path cache, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("render", "--variant", "debian-12", "--output", name));
    arguments.addAll(List.of(more));
    Launched render =
        Launched.start(
            folder, Map.of("XDG_CACHE_HOME", cache.toString()), arguments.toArray(String[]::new));
    assertThat(render.await(LONG)).as(render.err()).isZero();
    return folder.resolve(name);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}

package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  }

  @Test
  void unitTestsPassUnderSanitizers() throws Exception {
    render("any", folder.resolve("cache"));
    String toolchain =
        Launched.docker("images", "--quiet", "localhost/baseimage-build/toolchain")
            .lines()
            .findFirst()
            .orElseThrow();
    Path context = Files.createDirectory(folder.resolve("context"));
    copy(Path.of("src/main/c"), context.resolve("main/c"));
    copy(Path.of("src/test/c"), context.resolve("test/c"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + toolchain + "\nCOPY . /src\nRUN make -C /src/main/c test OUT=/out\n");
    String output = Launched.docker("build", "--no-cache", "--force-rm", context.toString());
    assertThat(output).containsPattern("\\n[1-9]\\d* passed, 0 failed\\n");
  }

  @Test
  void programsWhenDrivenInAContainerDoWhatTheyPromise() throws Exception {
    Path programs = render("driven", folder.resolve("cache")).resolve("rootfs/usr/sbin");
    String base =
        Launched.docker("images", "--quiet", "localhost/baseimage-build/base:debian-12-amd64");
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
                "user")
            .redirectErrorStream(true)
            .start();
    String output = new String(drive.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(drive.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("\\n1[0-9]{2} passed, 0 failed\\n");
  }

  private Path render(String name, Path cache) throws Exception {
    Launched render =
        Launched.start(
            folder,
            Map.of("XDG_CACHE_HOME", cache.toString()),
            "render",
            "--variant",
            "debian-12",
            "--output",
            name);
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

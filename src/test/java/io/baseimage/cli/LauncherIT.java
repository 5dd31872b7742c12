package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the set-up script, in surroundings that are not their authors'. */
@Tag("docker")
final class LauncherIT {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  void pathsWhenTheLocaleIsAsciiMayHaveAnyLetter() throws Exception {
    Path variants = Files.createDirectory(folder.resolve("grün"));
    Files.writeString(variants.resolve("mine.yaml"), "extends: nope\n");
    Launched launched =
        Launched.start(
            folder, Map.of("LC_ALL", "C"), "render", "-v", "./grün/mine.yaml", "--output", "out");
    assertThat(launched.await(DEADLINE)).as(launched.err()).isEqualTo(10);
    assertThat(launched.err()).contains("grün/mine.yaml:1:10: extends: no variant 'nope'");
  }

  @Test
  void configurationOfTheDockerClientIsReadFromHome() throws Exception {
    Path docker = Files.createDirectory(folder.resolve(".docker"));
    Files.writeString(docker.resolve("config.json"), "{\"currentContext\": \"far-away\"}");
    Launched launched =
        Launched.start(
            folder, Map.of("HOME", folder.toString(), "DOCKER_HOST", ""), "test", "any:image");
    assertThat(launched.await(DEADLINE)).as(launched.err()).isEqualTo(20);
    assertThat(launched.err()).contains("far-away");
  }

  @Test
  void setupWhenNotRootSaysWhatIsMissingAndKnowsADeadEngineFromALiveOne() throws Exception {
    Launched rendered =
        Launched.run(
            folder,
            DEADLINE,
            "render",
            "--variant",
            "debian-12",
            "--base",
            "bootstrap",
            "--output",
            folder.resolve("rendered").toString());
    assertThat(rendered.status()).as(rendered.err()).isZero();
    String listen =
        "perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local => \"/tmp/docker.sock\","
            + " Listen => 5) or die; %s'";
    String missing =
        Launched.docker(
            "run",
            "--rm",
            "--user=65534",
            "--env=XDG_RUNTIME_DIR=/tmp",
            "--volume=" + Path.of("src/main/sh").toAbsolutePath() + ":/sh:ro",
            "localhost/baseimage-build/base:debian-12-amd64",
            "sh",
            "-c",
            listen.formatted("")
                + "; echo DEAD; /sh/setup --for engine; echo status $?; rm /tmp/docker.sock; "
                + listen.formatted("sleep 60")
                + " & until [ -S /tmp/docker.sock ]; do sleep 0.1; done;"
                + " echo LIVE; /sh/setup --for engine; echo status $?; kill $!");
    assertThat(missing).contains("DEAD\n").contains("LIVE\n");
    String dead = missing.substring(missing.indexOf("DEAD\n"), missing.indexOf("LIVE\n"));
    String live = missing.substring(missing.indexOf("LIVE\n"));
    assertThat(dead)
        .contains("Missing:\n", "  - a JDK, release 17 or newer", "  - Maven", "  - an engine")
        .contains("As root: apt-get install --no-install-recommends default-jdk-headless maven")
        .contains("status 1");
    assertThat(live).contains("  - Maven", "status 1").doesNotContain("  - an engine");
  }
}

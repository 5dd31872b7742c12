package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void testWhenThePathOfTheSocketHasAnyCharactersChecksThere() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("a b%41#c"));
    String host = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("/var/run/docker.sock");
    Path socket =
        Files.createSymbolicLink(odd.resolve("d.sock"), Path.of(host.replaceFirst("^unix://", "")));
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nLABEL odd=\"\"\n");
    String image = "odd-socket-" + Long.toString(System.nanoTime(), 36);
    Launched.docker("build", "--tag", image, folder.toString());
    try {
      Launched launched =
          Launched.start(folder, Map.of("DOCKER_HOST", "unix://" + socket), "test", image);
      assertThat(launched.await(DEADLINE)).as(launched.err()).isEqualTo(50);
      assertThat(launched.out()).contains("odd-socket-").contains("broken");
    } finally {
      Launched.docker("rmi", image);
    }
  }

  @Test
  void setupWhenNotRootSaysWhatIsMissingAndKnowsADeadEngineFromALiveOne() throws Exception {
    Launched rendered = renderDebian();
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
            Launched.bootstrapped("debian-12"),
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

  @Test
  void startWhenOnlyAnEngineIsMissingAndCannotBeInstalledLeavesItToTheToolkit() throws Exception {
    Launched rendered = renderDebian();
    assertThat(rendered.status()).as(rendered.err()).isZero();
    String seen =
        Launched.docker(
            "run",
            "--rm",
            "--volume=" + Path.of("src/main/sh").toAbsolutePath() + ":/p/src/main/sh:ro",
            "--volume=" + Path.of("baseimage-build").toAbsolutePath() + ":/p/baseimage-build:ro",
            Launched.bootstrapped("debian-12"),
            "sh",
            "-c",
            """
            mkdir -p /p/target /jdk/bin /x
            cd /jdk && echo 'JAVA_VERSION="17"' > release
            printf '#!/bin/sh\ncase "$*" in *share:*) exit 1;; esac\necho "java $*"\n' > bin/java
            chmod +x bin/java && cp bin/java bin/javac && cp bin/java bin/jar && cp bin/java /bin/mvn
            echo > /p/target/baseimage-build-all.jar && chown -R nobody /p/target
            export JAVA_HOME=/jdk
            as='setpriv --reuid=65534 --clear-groups'
            echo START; $as /p/baseimage-build test any:image 2>&1; echo status $?
            echo SETUP; $as /p/src/main/sh/setup --for engine 2>&1; echo status $?
            perl -MIO::Socket::UNIX -e '
              $s = IO::Socket::UNIX->new(Local => "/x/docker.sock", Listen => 5) or die; sleep 60' &
            until [ -S /x/docker.sock ]; do sleep 0.1; done
            chmod 600 /x/docker.sock
            export XDG_RUNTIME_DIR=/x
            echo DENIED; $as /p/src/main/sh/setup --for engine 2>&1; echo status $?
            kill $!
            """);
    assertThat(seen)
        .containsPattern("START\njava .*io.baseimage.cli.Main test any:image\nstatus 0")
        .containsPattern("SETUP\nMissing:\n  - an engine: .*\nAs root: .*\nstatus 1")
        .contains("DENIED\nstatus 0");
  }

  @Test
  void startWhenTheJarIsNotWholeBuildsItAgain() throws Exception {
    Path project = project();
    Files.writeString(project.resolve("target/baseimage-build-all.jar"), "");
    Launched launched = startIn(project);
    assertThat(launched.await(DEADLINE)).as(launched.err()).isZero();
    assertThat(launched.err()).contains("Building the toolkit");
    assertThat(launched.out()).contains("debian-12");
  }

  @Test
  void startWhenTheBuildIsCutShortBuildsAgainTheNextTime() throws Exception {
    Path project = project();
    Path cut = Files.createFile(project.resolve("cut-short"));
    Launched first = startIn(project);
    assertThat(first.await(DEADLINE)).as(first.err()).isEqualTo(1);
    assertThat(project.resolve("target/baseimage-build-all.jar")).doesNotExist();
    Files.delete(cut);
    Launched second = startIn(project);
    assertThat(second.await(DEADLINE)).as(second.err()).isZero();
  }

  /** Makes the engine have the base of debian-12. */
  private Launched renderDebian() throws IOException, InterruptedException {
    return Launched.run(
        folder,
        DEADLINE,
        "render",
        "--variant",
        "debian-12",
        "--base",
        "bootstrap",
        "--output",
        folder.resolve("rendered").toString());
  }

  private Launched startIn(Path project) throws IOException {
    return Launched.start(
        project.resolve("baseimage-build"),
        folder,
        Map.of("PATH", project + ":" + System.getenv("PATH")),
        "list");
  }

  /** This project with a Maven that only copies its jar, and half of it where it is cut short. */
  private Path project() throws IOException {
    Path project = Files.createDirectory(folder.resolve("project"));
    for (String folder : List.of("src/main/java", "target")) {
      Files.createDirectories(project.resolve(folder));
    }
    for (String file : List.of("baseimage-build", "pom.xml")) {
      Files.copy(Path.of(file), project.resolve(file));
    }
    for (String part : List.of("src/main/sh", "variants", "templates", "init-scripts")) {
      Files.createSymbolicLink(project.resolve(part), Path.of(part).toAbsolutePath());
    }
    Path maven =
        Files.writeString(
            project.resolve("mvn"),
            """
            #!/bin/sh
            jar=target/baseimage-build-all.jar
            for word; do
              case $word in
                -Dbaseimage.jar=*) jar=${word#*=} ;;
              esac
            done
            if [ -e cut-short ]; then
              head -c 100000 '%1$s' > "$jar"
              exit 137
            fi
            cp '%1$s' "$jar"
            """
                .formatted(Path.of("target/baseimage-build-all.jar").toAbsolutePath()));
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    return project;
  }
}

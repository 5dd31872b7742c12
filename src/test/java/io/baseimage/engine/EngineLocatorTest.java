package io.baseimage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineInfo;
import io.baseimage.pipeline.RecordingLog;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineLocatorTest {
  private final Path root;

  EngineLocatorTest(@TempDir Path root) {
    this.root = root;
  }

  private EngineLocator locator(Map<String, String> environment) {
    return new EngineLocator(
        new Surroundings(
            environment, root.resolve("home"), root.resolve("state"), false, root.resolve("fs")));
  }

  private EngineInfo found(Map<String, String> environment) {
    try (Engine engine = locator(environment).locate(new RecordingLog())) {
      return engine.info();
    }
  }

  private ThrowableAssertAlternative<EngineException> assertThatNothingIsFound(
      Map<String, String> environment) {
    return assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> locator(environment).locate(new RecordingLog()))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  private Path socket(String path) throws IOException {
    Path socket = root.resolve(path);
    Files.createDirectories(socket.getParent());
    return socket;
  }

  private static void leaveDeadSocket(Path socket) throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
  }

  @Test
  void locateWhenDefaultSocketAnswersTakesItAndCapsTheApiVersion() throws IOException {
    Path socket = socket("fs/var/run/docker.sock");
    try (FakeEngine fake = new FakeEngine(socket, "9.99")) {
      assertThat(fake).isNotNull();
      assertThat(found(Map.of()))
          .isEqualTo(
              new EngineInfo(
                  "Docker Engine",
                  "99.0 for /v" + ApiVersion.NEWEST + "/version",
                  ApiVersion.NEWEST.toString(),
                  "unix://" + socket,
                  "default socket",
                  Platform.parse("linux/arm64")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "%41", "c#d", "e?f", "g%", "grün"})
  void locateWhenAPathHasAnyCharactersTakesItAsItIs(String name) throws IOException {
    Path socket = socket(name + "/docker.sock");
    try (FakeEngine fake = new FakeEngine(socket, "1.41")) {
      assertThat(fake).isNotNull();
      for (String host : List.of("unix://" + socket, socket.toString())) {
        assertThat(found(Map.of("DOCKER_HOST", host)).address()).isEqualTo("unix://" + socket);
      }
      assertThat(found(Map.of("XDG_RUNTIME_DIR", root.resolve(name).toString())).address())
          .isEqualTo("unix://" + socket);
    }
  }

  @Test
  void locateWhenDefaultSocketIsDeadGoesOnToTheNext() throws IOException {
    leaveDeadSocket(socket("fs/var/run/docker.sock"));
    try (FakeEngine fake = new FakeEngine(socket("xdg/podman/podman.sock"), "1.41")) {
      assertThat(fake).isNotNull();
      EngineInfo info = found(Map.of("XDG_RUNTIME_DIR", root.resolve("xdg").toString()));

      assertThat(info.foundBy()).isEqualTo("Podman");
      assertThat(info.apiVersion()).isEqualTo("1.41");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>\n<body>Hello</body></html>", "{}", "[]", ""})
  void locateWhenWhatAnswersIsNoEngineSaysSoInOneLine(String body) throws IOException {
    Path socket = socket("web.sock");
    try (FakeEngine fake = new FakeEngine(socket, "1.41")) {
      fake.answerForVersion(body);
      assertThatNothingIsFound(Map.of("DOCKER_HOST", "unix://" + socket))
          .withMessageContaining("does not speak Docker's API (")
          .withMessageNotContaining("\n");
    }
  }

  @Test
  void locateWhenEngineIsTooOldSaysWhatIsNeeded() throws IOException {
    Path socket = socket("fs/var/run/docker.sock");
    try (FakeEngine fake = new FakeEngine(socket, "1.40")) {
      assertThat(fake).isNotNull();
      assertThatNothingIsFound(Map.of("DOCKER_HOST", "unix://" + socket))
          .withMessageContaining("speaks Docker API 1.40, and at least 1.41 is needed");
    }
  }

  @Test
  void locateWhenDockerHostIsDeadDoesNotFallBack() throws IOException {
    Path dead = socket("dead.sock");
    leaveDeadSocket(dead);
    try (FakeEngine fake = new FakeEngine(socket("fs/var/run/docker.sock"), "1.41")) {
      assertThat(fake).isNotNull();
      assertThatNothingIsFound(Map.of("DOCKER_HOST", "unix://" + dead))
          .withMessageContaining("unix://" + dead + " (DOCKER_HOST)")
          .withMessageContaining("nobody listens");
    }
  }

  @Test
  void locateWhenDockerHostIsSshSaysWhatToDoInstead() {
    assertThatNothingIsFound(Map.of("DOCKER_HOST", "ssh://host"))
        .withMessageContaining("ssh:// is not supported")
        .withMessageContaining("DOCKER_HOST=unix://");
  }

  @Test
  void locateWhenDockerHostIsNoAddressSaysWhatIsExpected() {
    assertThatNothingIsFound(Map.of("DOCKER_HOST", "http://host"))
        .withMessageContaining("expected unix:///path/of/socket or tcp://host:port");
  }

  @Test
  void locateWhenAPlainNetworkAddressAnswersTakesIt() throws IOException {
    try (FakeEngine fake = FakeEngine.onPort("1.41")) {
      String address = "tcp://127.0.0.1:" + fake.port();
      assertThat(found(Map.of("DOCKER_HOST", address)).address()).isEqualTo(address);
    }
  }

  @Test
  void locateWhenNetworkAddressRefusesSaysSo() {
    assertThatNothingIsFound(Map.of("DOCKER_HOST", "tcp://127.0.0.1:1"))
        .withMessageContaining("tcp://127.0.0.1:1 (DOCKER_HOST)")
        .withMessageContaining("refused");
  }

  @Test
  void locateWhenContextIsChosenTakesItsEngine() throws IOException {
    Path socket = socket("chosen.sock");
    context("mine", "unix://" + socket);
    Files.writeString(root.resolve("home/.docker/config.json"), "{\"currentContext\":\"mine\"}");
    try (FakeEngine fake = new FakeEngine(socket, "1.43")) {
      assertThat(fake).isNotNull();
      assertThat(found(Map.of()).foundBy()).isEqualTo("Docker context mine");
      assertThat(found(Map.of("DOCKER_CONTEXT", "mine")).foundBy())
          .isEqualTo("DOCKER_CONTEXT mine");
    }
  }

  @Test
  void locateWhenContextIsDefaultLooksAtTheUsualPlaces() throws IOException {
    context("mine", "unix:///nowhere");
    Files.writeString(root.resolve("home/.docker/config.json"), "{\"currentContext\":\"mine\"}");
    try (FakeEngine fake = new FakeEngine(socket("fs/var/run/docker.sock"), "1.43")) {
      assertThat(fake).isNotNull();
      assertThat(found(Map.of("DOCKER_CONTEXT", "default")).foundBy()).isEqualTo("default socket");
    }
  }

  @Test
  void locateWhenContextDoesNotExistSaysWhereItWasLookedFor() {
    assertThatNothingIsFound(Map.of("DOCKER_CONTEXT", "gone"))
        .withMessageContaining("the Docker context 'gone' (DOCKER_CONTEXT)")
        .withMessageContaining(root.resolve("home/.docker/contexts").toString());
  }

  @Test
  void locateWhenNothingAnswersListsWhatWasTriedAndWhatToDo() throws IOException {
    leaveDeadSocket(socket("fs/var/run/docker.sock"));
    assertThatNothingIsFound(Map.of())
        .withMessageContaining(
            "default socket, unix://"
                + root.resolve("fs/var/run/docker.sock")
                + ": nobody listens (dead: connection refused)")
        .withMessageContaining("Podman, unix://" + root.resolve("fs/run/podman/podman.sock"))
        .withMessageContaining("the toolkit's own engine cannot be started: no dockerd")
        .withMessageContaining("apt-get install docker.io")
        .withMessageContaining("DOCKER_HOST");
    List<String> tried = new ArrayList<>();
    assertThat(locator(Map.of()).running(tried)).isEmpty();
    assertThat(tried).anyMatch(line -> line.startsWith("default socket, unix://"));
  }

  @Test
  void locateWhenDockerdIsInstalledButUserIsNotRootSaysSo() throws IOException {
    Path dockerd = socket("fs/usr/sbin/dockerd");
    Files.writeString(dockerd, "#!/bin/sh\n");
    assertThat(dockerd.toFile().setExecutable(true)).isTrue();

    assertThatNothingIsFound(Map.of()).withMessageContaining("starting it takes root");
  }

  private void context(String name, String host) throws IOException {
    Path folder =
        root.resolve("home/.docker/contexts/meta")
            .resolve(Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex());
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("meta.json"),
        "{\"Name\":\"" + name + "\",\"Endpoints\":{\"docker\":{\"Host\":\"" + host + "\"}}}");
  }
}

package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryCredentialsTest {
  private static final String SECRET = "tell-nobody";

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void surroundings() {
    environment.put("PATH", folder + ":/usr/bin:/bin");
    environment.put("DOCKER_CONFIG", folder.toString());
  }

  private Optional<Login> of(String name) {
    return of(name, Optional.empty());
  }

  private Optional<Login> of(String name, Optional<Login> login) {
    RegistrySettings settings =
        new RegistrySettings(
            environment,
            folder.resolve("home"),
            ImageReference.parse("registry.example/joe/x"),
            login,
            Retries.USUAL);
    return new Credentials(settings).of(Address.of(ImageReference.parse(name)));
  }

  private void config(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
  }

  private void helper(String name, String script) throws IOException {
    Path file = folder.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void assertNoSecret(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      assertThat(at.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void environmentIsForTheFirstRegistryWhenBothAreSet() {
    environment.put("BASEIMAGE_REGISTRY_USERNAME", "joe");
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", SECRET);

    assertThat(of("registry.example/other")).contains(Login.of("joe", SECRET));
    assertThat(of("elsewhere.example/other")).isEmpty();
    assertThat(of("registry.example/x", Optional.of(Login.of("ann", "y"))))
        .contains(Login.of("ann", "y"));
  }

  @Test
  void environmentIsForOneRegistryAloneWhenItNamesOne() {
    environment.put("BASEIMAGE_REGISTRY_USERNAME", "joe");
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", SECRET);
    environment.put("BASEIMAGE_REGISTRY", "elsewhere.example:5000");

    assertThat(of("elsewhere.example:5000/other")).contains(Login.of("joe", SECRET));
    assertThat(of("elsewhere.example/other")).isEmpty();
    assertThat(of("registry.example/other")).isEmpty();
    assertThat(of("registry.example/x", Optional.of(Login.of("ann", "y")))).isEmpty();
    environment.put("BASEIMAGE_REGISTRY", "docker.io");
    assertThat(of("joe/x")).contains(Login.of("joe", SECRET));
    environment.put("BASEIMAGE_REGISTRY", "");
    assertThat(of("registry.example/x")).contains(Login.of("joe", SECRET));
  }

  @Test
  void environmentIsRefusedWhenHalfOfItIsSet() {
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", SECRET);

    assertThatThrownBy(() -> of("registry.example/x"))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SETTINGS))
        .hasMessageContaining("only BASEIMAGE_REGISTRY_PASSWORD is set")
        .satisfies(RegistryCredentialsTest::assertNoSecret);
  }

  @Test
  void configIsReadWhenDockerWroteIt() throws Exception {
    config(
        """
        {"auths": {
          "https://index.docker.io/v1/": {"auth": "am9lOmE6Yg=="},
          "registry.example": {"auth": "am9lOg==", "identitytoken": "t"},
          "https://third.example/v2/": {"username": "u", "password": "p"},
          "fourth.example": {}}}
        """);

    assertThat(of("joe/x")).contains(Login.of("joe", "a:b"));
    assertThat(of("registry.example/x")).contains(new Login("", "t", true));
    assertThat(of("third.example/x")).contains(Login.of("u", "p"));
    assertThat(of("fourth.example/x")).isEmpty();
    assertThat(of("fifth.example/x")).isEmpty();
  }

  @Test
  void configIsReadByTheLongestPathWhenPodmanWroteIt() throws Exception {
    config(
        """
        {"auths": {
          "registry.example/r5": {"auth": "cjU6YQ=="},
          "registry.example/r5/cred": {"auth": "Y3JlZDph"},
          "registry.example": {"auth": "aG9zdDph"},
          "other.example/r5": {"auth": "cjU6YQ=="},
          "docker.io/joe": {"auth": "am9lOmE="},
          "old.example/v1/": {"auth": "b2xkOmE="}}}
        """);

    assertThat(of("registry.example/r5/cred")).contains(Login.of("cred", "a"));
    assertThat(of("registry.example/r5/cred/x")).contains(Login.of("cred", "a"));
    assertThat(of("registry.example/r5/credit")).contains(Login.of("r5", "a"));
    assertThat(of("registry.example/r50")).contains(Login.of("host", "a"));
    assertThat(of("other.example/else")).isEmpty();
    assertThat(of("joe/x")).contains(Login.of("joe", "a"));
    assertThat(of("ann/x")).isEmpty();
    assertThat(of("old.example/x")).contains(Login.of("old", "a"));
  }

  @Test
  void noCredentialsAreFoundWhenThereIsNoConfig() {
    assertThat(of("registry.example/x")).isEmpty();
    environment.remove("DOCKER_CONFIG");
    assertThat(of("registry.example/x")).isEmpty();
  }

  @Test
  void configIsRefusedWhenItIsBroken() throws Exception {
    for (String json :
        new String[] {
          "{\"auths\": {\"registry.example\": {\"auth\": " + SECRET + "}}}",
          "{\"auths\": {\"registry.example\": {\"auth\": \"" + SECRET + "!\"}}}",
          "{\"auths\": {\"registry.example\": {\"auth\": \"am9l\"}}}"
        }) {
      config(json);
      assertThatThrownBy(() -> of("registry.example/x"))
          .isInstanceOfSatisfying(
              RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOGIN))
          .hasMessageContaining("config.json")
          .satisfies(RegistryCredentialsTest::assertNoSecret);
    }
  }

  @Test
  void helperIsAskedWhenConfigNamesOne() throws Exception {
    config(
        """
        {"credHelpers": {"registry.example": "own"}, "credsStore": "store",
         "auths": {"third.example": {"auth": "am9lOmE="}}}
        """);
    helper("own", "read key; echo \"{\\\"Username\\\":\\\"$key\\\",\\\"Secret\\\":\\\"s\\\"}\"");
    helper(
        "store",
        """
        read key
        case $key in
          https://index.docker.io/v1/) echo '{"Username":"<token>","Secret":"t"}' ;;
          *) echo 'credentials not found in native keychain'; exit 1 ;;
        esac""");

    assertThat(of("registry.example/x")).contains(Login.of("registry.example", "s"));
    assertThat(of("joe/x")).contains(new Login("<token>", "t", true));
    assertThat(of("third.example/x")).contains(Login.of("joe", "a"));
  }

  @Test
  void helperIsNamedWhenItFails() throws Exception {
    config("{\"credsStore\": \"bad\"}");
    assertThatThrownBy(() -> of("registry.example/x"))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOGIN))
        .hasMessageContaining("not on the PATH");
    for (String script :
        new String[] {
          "echo " + SECRET + "; exit 3", "echo " + SECRET, "echo '{\"Secret\": " + SECRET
        }) {
      helper("bad", script);
      assertThatThrownBy(() -> of("registry.example/x"))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("docker-credential-bad")
          .satisfies(RegistryCredentialsTest::assertNoSecret);
    }
  }

  @Test
  void helperIsEndedWhenItHangs() throws Exception {
    helper("slow", "echo $$ > " + folder.resolve("pid") + "; exec sleep 600");

    assertThatThrownBy(
            () ->
                new CredentialHelpers(environment, Duration.ofSeconds(1))
                    .login("slow", "registry.example"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("did not answer within 1 s");

    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    ProcessHandle.of(pid)
        .ifPresent(
            left -> left.onExit().orTimeout(5, java.util.concurrent.TimeUnit.SECONDS).join());
  }

  @Test
  void secretsAreHiddenWhenSomethingIsPrinted() {
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", SECRET);
    assertThat(Login.of("joe", SECRET).toString()).doesNotContain(SECRET);
    assertThat(
            new RegistrySettings(
                    environment,
                    folder,
                    ImageReference.parse("x"),
                    Optional.of(Login.of("joe", SECRET)),
                    Retries.USUAL)
                .toString())
        .doesNotContain(SECRET);
  }
}

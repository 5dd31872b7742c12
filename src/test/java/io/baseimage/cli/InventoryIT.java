package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.registry.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in images on a real engine and in a real registry, and what has changed. */
@Tag("docker")
final class InventoryIT {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String OLD = "localhost/inventory-it/old:" + System.nanoTime();
  private static final String NEW = "localhost/inventory-it/new:" + System.nanoTime();

  @TempDir private Path folder;
  private RegistryServer server;
  private String name = "";

  @BeforeEach
  void makeImagesAndRegistry() throws Exception {
    image(OLD, "5.1-1", "", "one", "[\"/sbin/my_init\"]");
    image(
        NEW,
        "5.2-1",
        "Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 8\n",
        "two",
        "[\"/bin/bash\"]");
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), false);
    name = server.host() + "/joe/baseimage";
  }

  @AfterEach
  void removeImages() throws Exception {
    server.close();
    Launched.docker("rmi", OLD, NEW);
  }

  private void image(String tag, String bash, String more, String init, String command)
      throws Exception {
    Path context = Files.createTempDirectory(folder, "context");
    write(
        context.resolve("var/lib/dpkg/status"),
        """
        Package: bash
        Status: install ok installed
        Source: bash-source (5.0)
        Architecture: amd64
        Version: %s

        %s"""
            .formatted(bash, more));
    write(
        context.resolve("usr/share/doc/bash/copyright"),
        """
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

        Files: *
        License: GPL-3+
        """);
    write(context.resolve("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
    write(context.resolve("usr/sbin/my_init"), init);
    write(
        context.resolve("usr/lib/baseimage/SHA256SUMS"), "0".repeat(64) + "  /usr/sbin/my_init\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY . /
        CMD %s
        LABEL io.baseimage.variant=debian-12 org.opencontainers.image.created=2026-11-21T00:00:00Z
        """
            .formatted(command));
    Launched.docker("build", "--tag", tag, context.toString());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void inventoryOfAPublishedImageIsReadFromWhatIsAttachedToIt() throws Exception {
    String version = publish(OLD);
    String here = run(0, "inventory", "docker-daemon:" + OLD, "--format=cyclonedx");
    String there = run(0, "inventory", "docker://" + version, "--format=cyclonedx");

    assertThat(there).isEqualTo(here);
    assertThat(
            new JsonParser().validate(there.getBytes(StandardCharsets.UTF_8), Version.VERSION_16))
        .isEmpty();
    assertThat(run(0, "inventory", "docker://" + version))
        .containsPattern("bash +5.1-1 +amd64 +GPL-3.0-or-later\n")
        .contains("/usr/sbin/my_init");
    JsonNode json =
        new ObjectMapper().readTree(run(0, "inventory", "docker://" + version, "--format=json"));
    assertThat(json.path("packages").path(0).path("source").asText()).isEqualTo("bash-source");

    assertThat(run(0, "tags", name).lines()).hasSize(2);
    assertThat(run(0, "next-version", name, "--variant=debian-12").strip()).endsWith("-001");
  }

  @Test
  void inventoryWhenNothingIsAttachedSaysWhatToDo() throws Exception {
    push("debian-12-2020.01-000");
    Launched launched =
        Launched.run(folder, LONG, "inventory", "docker://" + name + ":debian-12-2020.01-000");
    assertThat(launched.status()).isEqualTo(70);
    assertThat(launched.err()).contains("none of the type application/vnd.cyclonedx+json");
  }

  @Test
  void diffIsTheSameWhereverTheImagesAre() throws Exception {
    String first = publish(OLD);
    String second = publish(NEW);
    for (List<String> pair :
        List.of(
            List.of("docker://" + first, "docker://" + second),
            List.of("docker-daemon:" + OLD, "docker://" + second),
            List.of(OLD, NEW))) {
      assertThat(run(4, "diff", pair.get(0), pair.get(1), "--exit-code"))
          .containsPattern("upgraded +bash +5.1-1 → 5.2-1\n")
          .containsPattern("added +curl +8\n")
          .contains("runtime: 1 changed\n  changed  /usr/sbin/my_init\n")
          .contains("  changed  CMD\n         - [\"/sbin/my_init\"]\n         + [\"/bin/bash\"]\n");
    }
    assertThat(run(0, "diff", OLD, "docker://" + first, "--exit-code", "--format=json"))
        .contains("\"different\" : false");
    for (String where : List.of("docker://" + first, first)) {
      Launched other = Launched.run(folder, LONG, "diff", where, where, "--platform=linux/s390x");
      assertThat(other.status()).as(other.err()).isEqualTo(70);
      assertThat(other.err()).contains("it is for linux/amd64 and not for linux/s390x");
    }
    Launched here =
        Launched.run(folder, LONG, "diff", "docker-daemon:" + OLD, NEW, "--platform=arm");
    assertThat(here.status()).isEqualTo(21);
    assertThat(here.err()).contains("The engine's " + OLD + " is for linux/amd64 and not for");
    assertThat(run(0, "diff", OLD, NEW, "--format=markdown"))
        .contains("| `bash` | upgraded | `5.1-1` | `5.2-1` |");
  }

  @Test
  void changelogTellsWhatEachVersionHasBrought() throws Exception {
    push("debian-12-2020.01-000");
    publish(OLD);
    publish(OLD);
    publish(NEW);
    run(0, "rollback", name, "--variant=debian-12");

    String text = run(0, "changelog", name, "--variant=debian-12");
    assertThat(text.lines().filter(line -> line.startsWith("  packages:")))
        .containsExactly(
            "  packages: 1 upgraded, 1 added",
            "  packages: as before",
            "  packages: unknown: an SBOM is missing",
            "  packages: the first version");
    // The day on which it was published; it was built on another one.
    assertThat(text.lines().findFirst().orElseThrow())
        .endsWith(LocalDate.now(ZoneOffset.UTC) + "  withdrawn");
    JsonNode json =
        new ObjectMapper()
            .readTree(run(0, "changelog", name, "--variant=debian-12", "--format=json"));
    assertThat(json.path(0).path("packages").path(0).path("after").asText()).isEqualTo("5.2-1");
    assertThat(json.path(2).path("packages").isNull()).isTrue();
    assertThat(run(0, "changelog", name, "--variant=debian-12", "--format=markdown"))
        .startsWith("# debian-12\n");
  }

  /** As somebody does who does not know of SBOMs. */
  private void push(String tag) throws Exception {
    Launched.docker("tag", OLD, name + ":" + tag);
    Launched.docker("push", name + ":" + tag);
    Launched.docker("rmi", name + ":" + tag);
  }

  private String publish(String image) throws Exception {
    return run(0, "publish", image, "--to", name, "--no-test")
        .lines()
        .findFirst()
        .orElseThrow()
        .replaceFirst("@.*", "");
  }

  private String run(int status, String... arguments) throws Exception {
    Launched launched = Launched.run(folder, LONG, arguments);
    assertThat(launched.status()).as(launched.err()).isEqualTo(status);
    return launched.out();
  }
}

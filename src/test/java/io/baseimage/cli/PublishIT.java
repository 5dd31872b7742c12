package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.registry.FaultProxy;
import io.baseimage.registry.RegistryServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Published from a real engine to a real registry, by processes of their own; what came of it is
 * read by skopeo and by the engine. The variables ROUNDS and KILL_EVERY make it try more.
 */
@Tag("docker")
final class PublishIT {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int ROUNDS = number("ROUNDS", 1);
  // The requests from the announcement of a tag to the moment when it is there, and some more.
  private static final int MOST_LEFT_OUT = 8;
  private static final int KILL_EVERY = number("KILL_EVERY", 7);

  /** How skopeo says that there is no such repository. */
  private static final String NO_REPOSITORY = "404 (Not Found)";

  private static final String OCI =
      "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";
  private static final String IMAGE = "localhost/publish-it/image:" + System.nanoTime();

  @TempDir private Path folder;
  private RegistryServer server;

  private static int number(String variable, int otherwise) {
    return Optional.ofNullable(System.getenv(variable)).map(Integer::parseInt).orElse(otherwise);
  }

  @BeforeAll
  static void makeImage(@TempDir Path context) throws Exception {
    Files.writeString(context.resolve("one"), "one");
    Files.write(context.resolve("two"), new byte[5_000_000]);
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY one /one
        COPY two /two
        LABEL io.baseimage.variant=debian-12 org.opencontainers.image.created=2026-11-21T00:00:00Z
        STOPSIGNAL SIGUSR1
        SHELL ["/bin/odd", "-c"]
        """);
    Launched.docker("build", "--tag", IMAGE, context.toString());
  }

  @AfterAll
  static void removeImage() throws Exception {
    Launched.docker("rmi", IMAGE);
  }

  @BeforeEach
  void startRegistry() throws Exception {
    server = RegistryServer.open(Files.createDirectory(folder.resolve("registry")), false);
  }

  @AfterEach
  void stopRegistry() {
    server.close();
  }

  @Test
  void publishGivesTheEnginesImageByteForByte() throws Exception {
    String name = server.host() + "/joe/baseimage";
    String id = Launched.docker("inspect", "--format={{.Id}}", IMAGE);

    Launched dry = run("publish", IMAGE, "--to", name, "--dry-run");
    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("publish " + name + ":debian-12-20").contains("-000");
    assertThat(skopeo("list-tags", name)).contains(NO_REPOSITORY);

    Launched first = run("publish", IMAGE, "--to", name, "--no-test");
    assertThat(first.status()).as(first.err()).isZero();
    String version = first.out().lines().findFirst().orElseThrow().replaceFirst("@.*", "");
    assertThat(version).matches(".*:debian-12-20\\d\\d\\.\\d\\d-000");
    JsonNode manifest = new ObjectMapper().readTree(skopeo("inspect", version, "--raw"));
    assertThat(manifest.path("config").path("digest").asText()).isEqualTo(id);
    assertThat(manifest.path("annotations").path("org.opencontainers.image.version").asText())
        .endsWith("-000");

    Launched.docker("pull", version);
    assertThat(Launched.docker("inspect", "--format={{.Id}}", version)).isEqualTo(id);
    Launched.docker("rmi", version);

    Launched second =
        run("publish", IMAGE, "--to", name, "--no-test", "--tag-pattern={version}", "--alias=new");
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.err()).contains("Uploaded 0.0 MB");
    assertThat(tags(name).keySet()).anyMatch(tag -> tag.matches("20\\d\\d\\.\\d\\d-000"));
  }

  @Test
  void publishWhenTheVariantHasARepositoryOfItsOwnGoesThereAndEveryCommandFinds() throws Exception {
    String name = server.host() + "/joe/baseimage";
    String image = IMAGE.replace("image:", "amzn:");
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM " + IMAGE + "\nLABEL io.baseimage.variant=amazonlinux-2017.03\n");
    Launched.docker("build", "--tag", image, folder.toString());
    try {
      Launched dry = run("publish", image, "--to", name, "--dry-run");
      assertThat(dry.status()).as(dry.err()).isZero();
      assertThat(dry.out())
          .contains("publish " + name + "-amzn:2017.03-000")
          .contains("then move " + name + "-amzn:2017.03\n");
      for (String to : List.of(name, name + "-amzn")) {
        Launched published = run("publish", image, IMAGE, "--to", to, "--no-test");
        assertThat(published.status()).as(published.err()).isZero();
        assertThat(published.out())
            .contains(name + "-amzn:2017.03-00")
            .contains(to + ":debian-12-20");
      }
      assertThat(prints("next-version", name, "-v", "amazonlinux-2017.03"))
          .isEqualTo("2017.03-002\n");
      assertThat(prints("rollback", name, "-v", "amazonlinux-2017.03"))
          .isEqualTo(
              """
              withdrawn  2017.03-001
              %1$s-amzn:2017.03 is 2017.03-000
              %1$s-amzn:latest is 2017.03-000
              """
                  .formatted(name));
      assertThat(prints("next-version", name + "-amzn", "-v", "amazonlinux-2017.03"))
          .isEqualTo("2017.03-002\n");
      assertThat(prints("tags", name + "-amzn")).contains("2017.03-000").contains("debian-12-20");
      assertThat(prints("tags", name)).doesNotContain("2017.03").contains("debian-12-20");
    } finally {
      Launched.docker("rmi", image);
    }
  }

  private String prints(String... arguments) throws Exception {
    Launched command = run(arguments);
    assertThat(command.status()).as(command.err()).isZero();
    return command.out();
  }

  @Test
  void publishWhenTheImageIsNotKnownToBeTestedTestsItFirst() throws Exception {
    Launched untested = run("publish", IMAGE, "--to", server.host() + "/joe/baseimage");
    assertThat(untested.status()).isEqualTo(50);
    assertThat(untested.err()).contains("breaks the contract");
    // What the look before it has tried, which this registry does not delete.
    assertThat(tags(server.host() + "/joe/baseimage").keySet())
        .allMatch(tag -> tag.startsWith("publisher-"));
  }

  @Test
  void publishWhenManyDoItAtOnceGivesEachAVersionOfItsOwn() throws Exception {
    String name = server.host() + "/joe/baseimage";
    Map<String, String> before = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<Launched> publishers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        publishers.add(
            Launched.start(
                folder, elsewhere("p" + i), "publish", IMAGE, "--to", name, "--no-test"));
      }
      for (Launched publisher : publishers) {
        assertThat(publisher.await(LONG)).as(publisher.err()).isZero();
      }
      Map<String, String> now = tags(name);
      assertThat(now).containsAllEntriesOf(before);
      before = versions(now);
    }
    assertThat(before).hasSize(10 * ROUNDS);
    assertThat(new TreeSet<>(before.values())).hasSize(10 * ROUNDS);
    List<String> sorted = List.copyOf(new TreeSet<>(before.keySet()));
    assertThat(sorted.get(0)).endsWith("-000");
    assertThat(sorted.get(sorted.size() - 1)).endsWith("-%03d".formatted(10 * ROUNDS - 1));
    assertThat(tags(name).get("debian-12")).isEqualTo(before.get(sorted.get(sorted.size() - 1)));
  }

  @Test
  void publishWhenItIsKilledAtAnyRequestLeavesTheOldStateOrAWholeVersion() throws Exception {
    try (FaultProxy proxy = new FaultProxy(server.port())) {
      Map<String, String> before = new TreeMap<>();
      boolean ended = false;
      for (int killed = 1; !ended; killed += KILL_EVERY) {
        String direct = server.host() + "/joe/baseimage";
        ended = !killAt(killed, proxy);
        Map<String, String> now = tags(direct);
        assertThat(now).containsAllEntriesOf(versions(before));
        for (String tag : now.keySet()) {
          // What is attached is no image: skopeo copies none of it.
          if (!tag.startsWith("publisher-") && !tag.startsWith("sha256-")) {
            assertThat(now).as(tag).containsKey(now.get(tag).replace(':', '-'));
            String copied = skopeo("copy", direct + ":" + tag, "dir:" + folder.resolve("copy"));
            assertThat(copied).as(tag).contains("Writing manifest");
          }
        }
        before = now;
      }
      Launched last =
          Launched.start(
              folder,
              elsewhere("other"),
              "publish",
              IMAGE,
              "--to",
              server.host() + "/joe/baseimage",
              "--no-test");
      assertThat(last.await(LONG)).as(last.err()).isZero();
      Map<String, String> after = versions(tags(server.host() + "/joe/baseimage"));
      assertThat(after).containsAllEntriesOf(versions(before)).hasSize(versions(before).size() + 1);
      // A number is left out whose publisher was killed when it had asked for it, and no other.
      int newest = Integer.parseInt(new TreeMap<>(after).lastKey().replaceFirst(".*-", ""));
      assertThat(newest).isBetween(after.size() - 1, after.size() - 1 + MOST_LEFT_OUT);
    }
  }

  /** Whether the publisher was still there to be killed when it made that request. */
  private boolean killAt(int request, FaultProxy proxy) throws Exception {
    List<Launched> running = new ArrayList<>();
    boolean[] killed = new boolean[1];
    int[] seen = new int[1];
    proxy.onRequest =
        number -> {
          synchronized (running) {
            if (++seen[0] == request) {
              killed[0] = true;
              running.get(0).kill();
            }
          }
        };
    synchronized (running) {
      running.add(
          Launched.start(
              folder,
              elsewhere("killed"),
              "publish",
              IMAGE,
              "--to",
              proxy.host() + "/joe/baseimage",
              "--no-test"));
    }
    int status = running.get(0).await(LONG);
    proxy.onRequest = number -> {};
    assertThat(killed[0] || status == 0).as(running.get(0).err()).isTrue();
    return killed[0];
  }

  /** A machine of its own, as far as a publisher can tell. */
  private Map<String, String> elsewhere(String machine) {
    return Map.of("XDG_STATE_HOME", folder.resolve(machine).toString());
  }

  private Launched run(String... arguments) throws Exception {
    return Launched.run(folder, LONG, arguments);
  }

  private static Map<String, String> versions(Map<String, String> tags) {
    Map<String, String> versions = new TreeMap<>(tags);
    versions.keySet().removeIf(tag -> !tag.matches(".*-\\d{3}"));
    return versions;
  }

  /** Each tag with the digest that it points to, as skopeo sees them. */
  private Map<String, String> tags(String name) throws Exception {
    Map<String, String> tags = new TreeMap<>();
    String answer = skopeo("list-tags", name);
    if (answer.contains(NO_REPOSITORY)) {
      return tags;
    }
    for (JsonNode tag : new ObjectMapper().readTree(answer).path("Tags")) {
      var answered =
          server.raw("GET", "/v2/joe/baseimage/manifests/" + tag.asText(), "Accept", OCI);
      // The registry makes a tag's folder before what it names, and lists folders.
      if (answered.statusCode() != 404) {
        assertThat(answered.statusCode()).as(tag.asText()).isEqualTo(200);
        tags.put(tag.asText(), io.baseimage.image.Digest.of(answered.body()).toString());
      }
    }
    return tags;
  }

  private static String skopeo(String command, String name, String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("skopeo", command));
    if (command.equals("copy")) {
      line.addAll(List.of("--src-tls-verify=false", "docker://" + name, more[0]));
    } else {
      line.addAll(List.of(more));
      line.addAll(List.of("--tls-verify=false", "docker://" + name));
    }
    Process skopeo = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output =
        new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    skopeo.waitFor();
    return output;
  }
}

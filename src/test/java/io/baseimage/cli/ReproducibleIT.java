package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same inputs give the same image, wherever and however it is built; 'verify' proves it. The
 * variable REPRODUCE names other variants, by names or patterns.
 */
@Tag("docker")
final class ReproducibleIT {
  private static final Duration LONG = Duration.ofMinutes(8);

  @TempDir private Path folder;
  private String name = "reproducible-it/none";
  private String variant = "";

  private static List<String> variants() {
    return List.copyOf(
        VariantCatalog.open(Path.of("variants"))
            .matching(
                List.of(System.getenv().getOrDefault("REPRODUCE", "debian-13").split("[ ,]+"))));
  }

  @AfterEach
  void removeImages() throws Exception {
    String names =
        Launched.docker("images", "--format", "{{.Repository}}:{{.Tag}}", name + "*").strip();
    for (String each : names.lines().toList()) {
      Launched.docker("rmi", each);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  @Execution(ExecutionMode.CONCURRENT)
  void buildsOfOneInputAreOneImageAndVerifyTellsWhatIsNot(String which) throws Exception {
    variant = which;
    name = "reproducible-it/t" + System.nanoTime();
    String one = build("one", Map.of("TZ", "UTC"), "022", "");
    String other =
        build("an other/place", Map.of("TZ", "Asia/Tokyo", "LC_ALL", "C"), "077", "taskset -c 0 ");
    assertThat(other).isEqualTo(one);

    String dated = build("dated", Map.of("SOURCE_DATE_EPOCH", "1700000000"), "022", "");
    assertThat(inspect(dated, "{{.Created}}")).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(inspect(dated, "{{index .Config.Labels \"org.opencontainers.image.created\"}}"))
        .isEqualTo("2023-11-14T22:13:20Z");
    assertThat(newest(dated)).isLessThanOrEqualTo(1_700_000_000L);

    Launched same = Launched.run(folder, LONG, "verify", one);
    assertThat(same.await(LONG)).as(same.err()).isZero();
    assertThat(same.out()).isEqualTo("the same   " + one + " " + one + "\n");
    Launched ofThatDay = Launched.run(folder, LONG, "verify", dated);
    assertThat(ofThatDay.await(LONG)).as(ofThatDay.err()).isZero();
    assertThat(ofThatDay.out()).isEqualTo("the same   " + dated + " " + dated + "\n");

    Path context = Files.createDirectory(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM " + one + "\nRUN echo x >/etc/motd\n");
    Launched.docker("build", "-t", name + "-child:1", context.toString());
    Launched different = Launched.run(folder, LONG, "verify", name + "-child:1");
    assertThat(different.await(LONG)).as(different.err()).isEqualTo(4);
    assertThat(different.out()).containsPattern("\nfirst +\\d layers, and \\d\n");
  }

  private String build(String place, Map<String, String> variables, String umask, String before)
      throws Exception {
    Path directory = Files.createDirectories(folder.resolve(place));
    String own = name + "-" + place.replaceAll("\\W", "");
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask "
                    + umask
                    + " && exec "
                    + before
                    + "\"$0\" --variant \"$1\" --no-test --no-cache --name \"$2\"",
                Path.of("baseimage-build").toAbsolutePath().toString(),
                variant,
                own)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    assertThat(process.waitFor(LONG.toMinutes(), TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    return inspect(own + ":" + variant, "{{.Id}}");
  }

  private static String inspect(String image, String format)
      throws IOException, InterruptedException {
    return Launched.docker("image", "inspect", "--format", format, image).strip();
  }

  /** The time of the newest file in the layers above the base, in seconds since 1970. */
  private long newest(String image) throws Exception {
    Path saved = folder.resolve("saved");
    Files.createDirectory(saved);
    run(List.of("sh", "-c", "docker save \"$0\" | tar -x -C \"$1\"", image, saved.toString()));
    String script =
        "cd \"$0\" && for f in $(tr '\"' '\\n' <manifest.json | grep layer.tar | tail -n 2); do"
            + " TZ=UTC tar --full-time -tvf $f; done | awk '{print $4 \" \" $5}' | sort | tail -n 1";
    String time = run(List.of("sh", "-c", script, saved.toString())).strip();
    return java.time.LocalDateTime.parse(time.replace(' ', 'T'))
        .toEpochSecond(java.time.ZoneOffset.UTC);
  }

  private String run(List<String> command) throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readString(out);
  }
}

package io.baseimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The clock of the day may jump, so my_init waits by one that does not. No test can make a clock
 * jump for a container without its jumping for the whole machine; therefore the sources are asked.
 */
final class RuntimeClockTest {
  private static final Path SOURCES = Path.of("src", "main", "c");

  private static final Pattern CLOCK_OF_THE_DAY =
      Pattern.compile(
          "CLOCK_(REALTIME|TAI)|\\b(gettimeofday|time|ftime|alarm|setitimer"
              + "|pthread_cond_timedwait|sem_timedwait)\\s*\\(");

  /** A date that is put on a folder; nothing waits for it. */
  private static final String DATE_OF_A_FOLDER = "time_t now = time(NULL);";

  @Test
  void sourcesWaitByNoClockThatJumps() throws IOException {
    assertThat(lines().map(String::strip).filter(line -> !line.equals(DATE_OF_A_FOLDER)))
        .noneMatch(line -> CLOCK_OF_THE_DAY.matcher(line).find())
        .anyMatch(line -> line.contains("CLOCK_MONOTONIC"));
  }

  private static Stream<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<Path> sources =
          files.filter(file -> file.toString().matches(".*\\.[ch]")).sorted().toList();
      return sources.stream().flatMap(RuntimeClockTest::lines);
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

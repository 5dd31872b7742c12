package io.baseimage.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole publications with each fault at each request in turn. The variable FAULT_EVERY says at
 * which requests; 1 is at all.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PublicationFaultsIT {
  private static final int FAULT_EVERY =
      Optional.ofNullable(System.getenv("FAULT_EVERY")).map(Integer::parseInt).orElse(97);

  @TempDir static Path servers;
  private static final List<RegistryServer> SERVERS = new ArrayList<>();
  private static int requests;

  @TempDir private Path folder;

  /** One that deletes and one that does not. */
  @BeforeAll
  static void start(@TempDir Path counted) throws Exception {
    for (boolean delete : new boolean[] {true, false}) {
      SERVERS.add(
          new RegistryServer(
              Files.createDirectory(servers.resolve("deletes-" + delete)),
              RegistryServer.Storage.MEMORY,
              RegistryServer.Doors.OPEN,
              delete));
    }
    try (SpoiledPublications publications =
        new SpoiledPublications(SERVERS.get(1), Optional.empty(), counted)) {
      requests = publications.requests();
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(RegistryServer::close);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "TOKEN_REJECTED", "TOKEN_EXPIRED"},
      mode = EnumSource.Mode.EXCLUDE)
  void publicationIsWholeOrTellsWhatIsThereWhenAnyOneRequestIsSpoiled(Fault fault)
      throws Exception {
    // Other requests and another server for each fault, and in a run of all each on both.
    int which = List.of(Fault.values()).indexOf(fault);
    for (int i = 0; i < (FAULT_EVERY == 1 ? SERVERS.size() : 1); i++) {
      try (SpoiledPublications publications =
          new SpoiledPublications(
              SERVERS.get((which + i) % SERVERS.size()), Optional.empty(), folder)) {
        publications.spoil(
            publications.proxy,
            fault,
            "joe/" + fault.name().toLowerCase(Locale.ROOT),
            numbers(which * 3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"STATUS_503", "RESET_BEFORE", "DONE_BUT_500"})
  void publicationTellsWhatIsThereWhenTheRegistryGoesAwayForGood(Fault fault) throws Exception {
    int which = List.of(Fault.values()).indexOf(fault);
    try (SpoiledPublications publications =
        new SpoiledPublications(SERVERS.get(which % SERVERS.size()), Optional.empty(), folder)) {
      publications.breakOff(
          fault, "joe/gone/" + fault.name().toLowerCase(Locale.ROOT), numbers(which * 5));
    }
  }

  private static List<Integer> numbers(int first) {
    return IntStream.range(0, requests)
        .filter(number -> number % FAULT_EVERY == first % FAULT_EVERY)
        .boxed()
        .toList();
  }
}

package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole publications with faults, on registries that want to know who one is. The variable
 * FAULT_EVERY says at which requests; 1 is at all.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PublicationLoginIT {
  private static final int FAULT_EVERY =
      Optional.ofNullable(System.getenv("FAULT_EVERY")).map(Integer::parseInt).orElse(97);
  private static final Optional<Login> JOE = Optional.of(Repositories.joe());

  @TempDir static Path servers;
  private static TokenServer tokens;
  private static FaultProxy tokensSpoiled;
  private static RegistryServer basic;
  private static RegistryServer bearer;
  private static RegistryServer bearerSpoiled;
  private static int requests;

  @TempDir private Path folder;

  @BeforeAll
  static void start(@TempDir Path counted) throws Exception {
    tokens = new TokenServer(servers);
    tokensSpoiled = new FaultProxy(tokens.port());
    Path folder = Files.createDirectory(servers.resolve("basic"));
    basic = server("basic", RegistryServer.Doors.basic(folder));
    bearer = server("bearer", RegistryServer.Doors.bearer(tokens, tokens.realm()));
    bearerSpoiled =
        server(
            "spoiled",
            RegistryServer.Doors.bearer(tokens, "http://" + tokensSpoiled.host() + "/token"));
    try (SpoiledPublications publications = new SpoiledPublications(bearer, JOE, counted)) {
      requests = publications.requests();
    }
  }

  private static RegistryServer server(String name, RegistryServer.Doors doors) throws Exception {
    return new RegistryServer(
        Files.createDirectories(servers.resolve(name)), RegistryServer.Storage.MEMORY, doors, true);
  }

  @AfterAll
  static void stop() throws Exception {
    for (RegistryServer server : List.of(basic, bearer, bearerSpoiled)) {
      server.close();
    }
    tokensSpoiled.close();
    tokens.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "TOKEN_REJECTED", "TOKEN_EXPIRED"},
      mode = EnumSource.Mode.EXCLUDE)
  void publicationIsWholeOrTellsWhatIsThereWhenAnyOneRequestIsSpoiled(Fault fault)
      throws Exception {
    int which = List.of(Fault.values()).indexOf(fault);
    for (RegistryServer server :
        FAULT_EVERY == 1
            ? List.of(basic, bearer)
            : which % 2 == 0 ? List.of(basic) : List.of(bearer)) {
      try (SpoiledPublications publications = new SpoiledPublications(server, JOE, folder)) {
        publications.spoil(publications.proxy, fault, path(fault), numbers(requests, which * 3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"TOKEN_REJECTED", "TOKEN_EXPIRED"})
  void publicationIsWholeWhenTokensEndInItsMiddle(Fault fault) throws Exception {
    try (SpoiledPublications publications = new SpoiledPublications(bearer, JOE, folder)) {
      if (fault == Fault.TOKEN_EXPIRED) {
        tokens.shortLived = path(fault);
      }
      int before = tokens.requests.size();
      publications.spoil(publications.proxy, fault, path(fault), numbers(requests, 30));
      assertThat(tokens.requests.subList(before, tokens.requests.size())).hasSizeGreaterThan(6);
    }
  }

  @Test
  void publicationIsWholeOrTellsWhatIsThereWhenTheTokenServerFails() throws Exception {
    int which = 0;
    List<Fault> faults = List.of(Fault.STATUS_503, Fault.CUT_OFF, Fault.STATUS_401);
    for (Fault fault : faults) {
      try (SpoiledPublications publications = new SpoiledPublications(bearerSpoiled, JOE, folder)) {
        int request = which++ % 3;
        publications.spoil(
            tokensSpoiled,
            fault,
            "joe/tokens/" + fault.name().toLowerCase(Locale.ROOT),
            FAULT_EVERY == 1 ? List.of(0, 1, 2) : List.of(request));
      }
    }
  }

  private static List<Integer> numbers(int requests, int first) {
    return IntStream.range(0, requests)
        .filter(number -> number % FAULT_EVERY == first % FAULT_EVERY)
        .boxed()
        .toList();
  }

  private static String path(Fault fault) {
    return "joe/" + fault.name().toLowerCase(Locale.ROOT);
  }
}

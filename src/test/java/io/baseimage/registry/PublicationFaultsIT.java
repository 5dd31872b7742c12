package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.Publication;
import io.baseimage.publish.PublicationException;
import io.baseimage.publish.Release;
import io.baseimage.publish.SavedImages;
import io.baseimage.publish.TagChange;
import io.baseimage.version.TagRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole publications of two variants on a registry that has an earlier version of each, with each
 * fault at each request in turn. The variable FAULT_EVERY says at which requests; 1 is at all.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PublicationFaultsIT {
  private static final int FAULT_EVERY =
      Optional.ofNullable(System.getenv("FAULT_EVERY")).map(Integer::parseInt).orElse(19);

  /** How many of them are in one repository, one after the other. */
  private static final int IN_A_ROW = 4;

  /** What does not pass: such a run may end in an error. */
  private static final Set<Fault> FINAL =
      EnumSet.of(
          Fault.STATUS_401,
          Fault.STATUS_403,
          Fault.DONE_BUT_403,
          Fault.OTHER_DIGEST,
          Fault.UPLOAD_UNKNOWN);

  private static final Platform PLATFORM = new Platform("linux", "amd64");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  @TempDir static Path servers;
  private static final List<RegistryServer> SERVERS = new ArrayList<>();
  private static int counted;

  @TempDir private Path folder;
  private final Repositories repositories = new Repositories();
  private final SavedImages images = new SavedImages();
  private final List<FaultProxy> proxies = new ArrayList<>();

  /** One that deletes and one that does not. */
  @BeforeAll
  static void start() throws Exception {
    for (boolean delete : new boolean[] {true, false}) {
      SERVERS.add(
          new RegistryServer(
              Files.createDirectory(servers.resolve("deletes-" + delete)),
              RegistryServer.Storage.MEMORY,
              RegistryServer.Doors.OPEN,
              delete));
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(RegistryServer::close);
  }

  @BeforeEach
  void stand() throws Exception {
    for (RegistryServer server : SERVERS) {
      proxies.add(new FaultProxy(server.port()));
    }
  }

  @AfterEach
  void leave() throws Exception {
    for (FaultProxy proxy : proxies) {
      proxy.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "TOKEN_REJECTED"},
      mode = EnumSource.Mode.EXCLUDE)
  void publicationIsWholeOrTellsWhatIsThereWhenAnyOneRequestIsSpoiled(Fault fault)
      throws Exception {
    int requests = requests();
    // Other requests for each fault.
    int first = List.of(Fault.values()).indexOf(fault) * 4 % FAULT_EVERY;
    int turn = 0;
    for (int number = first; number < requests; number += FAULT_EVERY) {
      spoiled(number, fault, turn++);
    }
  }

  /** Of one publication that is not a repository's first. */
  private int requests() {
    synchronized (SERVERS) {
      if (counted == 0) {
        publish(SERVERS.get(0).host() + "/joe/counted", Retries.USUAL, 0);
        proxies.get(0).spoil(-1, Fault.NONE);
        publish(proxies.get(0).host() + "/joe/counted", Retries.USUAL, 1);
        counted = proxies.get(0).requests();
        assertThat(counted).isGreaterThan(40);
      }
      return counted;
    }
  }

  private void spoiled(int number, Fault fault, int turn) throws Exception {
    RegistryServer server = SERVERS.get(turn / IN_A_ROW % SERVERS.size());
    FaultProxy proxy = proxies.get(turn / IN_A_ROW % SERVERS.size());
    String path = "joe/" + fault.name().toLowerCase(Locale.ROOT) + "/" + turn / IN_A_ROW;
    PublishedTags reader = new PublishedTags(server, path);
    if (turn % IN_A_ROW == 0) {
      publish(server.host() + "/" + path, Retries.USUAL, -1);
    }
    Map<String, String> before = reader.read();
    repositories.clockwork.slept.clear();
    proxy.spoil(number, fault);
    boolean slow = fault == Fault.SLOW || fault == Fault.DONE_BUT_SLOW;
    Map<String, String> after;
    try {
      publish(proxy.host() + "/" + path, slow ? Repositories.quick() : Retries.USUAL, turn);
      after = reader.read();
      assertThat(after).as("%s at %d", fault, number).hasSize(before.size() + 2);
      reader.requireAliasesAtTheNewest(after);
    } catch (PublicationException e) {
      after = reader.read();
      assertThat(FINAL).as("%s at %d: %s", fault, number, e.getMessage()).contains(fault);
      requireTrue(e, before, after);
    }
    if (fault == Fault.STATUS_401 || fault == Fault.STATUS_403) {
      assertThat(repositories.clockwork.slept).as("%s at %d", fault, number).isEmpty();
    }
    reader.requireSane(before, after);

    publish(server.host() + "/" + path, Retries.USUAL, turn);

    Map<String, String> last = reader.read();
    assertThat(last).hasSize(after.size() + 2);
    reader.requireSane(after, last);
    reader.requireAliasesAtTheNewest(last);
    if (turn == 0 && number % 3 == 0) {
      reader.copyBySkopeo(List.of("debian-12", "debian-13-2026.11-001"), folder.resolve("copy"));
    }
  }

  /** What the error tells is what there is. */
  private static void requireTrue(
      PublicationException failure, Map<String, String> before, Map<String, String> after) {
    for (TagChange change : failure.changes()) {
      Optional<String> there = Optional.ofNullable(after.get(change.tag()));
      switch (change.state()) {
        case SET -> assertThat(there).isEqualTo(change.digest().map(Object::toString));
        case NOT_SET -> assertThat(there).isEqualTo(Optional.ofNullable(before.get(change.tag())));
        default -> throw new AssertionError("one look would have told: " + change);
      }
    }
    boolean nothing =
        failure.changes().stream().allMatch(each -> each.state() == TagChange.State.NOT_SET);
    assertThat(after.equals(before)).isEqualTo(nothing);
    assertThat(String.valueOf(failure.getMessage()).contains("Nothing visible was changed"))
        .isEqualTo(nothing);
  }

  /** Publishes the images of a round, of which a layer is the same in all. */
  private void publish(String name, Retries retries, int round) {
    ImageReference repository = ImageReference.parse(name);
    EngineImage one = images.add(PLATFORM, "base", "one " + round);
    EngineImage two = images.add(PLATFORM, "base", "two " + round);
    new Publication(
            images.engine(),
            each -> repositories.open(each.toString(), Optional.empty(), retries),
            new Workspace(folder.resolve("cache"), folder.resolve("state"), folder),
            NOVEMBER,
            repositories.log)
        .publish(
            Map.of(
                repository,
                List.of(
                    new Release(
                        TagRule.usual("debian-12"),
                        List.of("debian-12", "latest"),
                        List.of(one),
                        Map.of()),
                    new Release(
                        TagRule.usual("debian-13"),
                        List.of("debian-13"),
                        List.of(two),
                        Map.of()))));
  }
}

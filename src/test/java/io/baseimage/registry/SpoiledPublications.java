package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.NothingInside;
import io.baseimage.publish.Publication;
import io.baseimage.publish.PublicationException;
import io.baseimage.publish.Release;
import io.baseimage.publish.SavedImages;
import io.baseimage.publish.TagChange;
import io.baseimage.version.TagRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whole publications of two variants on a registry that has an earlier version of each, each with a
 * fault at one of its requests, and what has to be true after each of them.
 */
final class SpoiledPublications implements AutoCloseable {
  /** What does not pass: such a run may end in an error. */
  private static final Set<Fault> FINAL =
      EnumSet.of(
          Fault.STATUS_401,
          Fault.STATUS_403,
          Fault.DONE_BUT_403,
          Fault.OTHER_DIGEST,
          Fault.UPLOAD_UNKNOWN);

  /** How many publications are in one repository, one after the other. */
  private static final int IN_A_ROW = 4;

  private static final Platform PLATFORM = new Platform("linux", "amd64");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  /** Whose requests are spoiled: between the publisher and the registry. */
  final FaultProxy proxy;

  private final RegistryServer server;
  private final Optional<Login> login;
  private final Path folder;
  private final Repositories repositories = new Repositories();
  private final SavedImages images = new SavedImages();

  /**
   * On a registry.
   *
   * @param folder for what publishers remember
   */
  SpoiledPublications(RegistryServer server, Optional<Login> login, Path folder)
      throws IOException {
    this.server = server;
    this.login = login;
    this.folder = folder;
    this.proxy = new FaultProxy(server.port());
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }

  /** How many requests one makes that is not a repository's first. */
  int requests() {
    publish(server.host() + "/joe/counted", Retries.USUAL, 0);
    proxy.spoil(-1, Fault.NONE);
    publish(proxy.host() + "/joe/counted", Retries.USUAL, 1);
    assertThat(proxy.requests()).isGreaterThan(40);
    return proxy.requests();
  }

  /** With a fault at each of these requests in turn, by a proxy that is told of it. */
  void spoil(FaultProxy spoiling, Fault fault, String path, List<Integer> requests)
      throws Exception {
    spoil(spoiling, fault, path, requests, FINAL.contains(fault), 0);
  }

  /** The registry goes away at each of these requests in turn, and does not come back. */
  void breakOff(Fault fault, String path, List<Integer> requests) throws Exception {
    spoil(proxy, fault, path, requests, true, Integer.MAX_VALUE / 2);
  }

  private void spoil(
      FaultProxy spoiling,
      Fault fault,
      String path,
      List<Integer> requests,
      boolean mayFail,
      int more)
      throws Exception {
    for (int turn = 0; turn < requests.size(); turn++) {
      PublishedTags reader = new PublishedTags(server, path + "/" + turn / IN_A_ROW, login);
      if (turn % IN_A_ROW == 0) {
        publish(server.host() + "/" + reader.path(), Retries.USUAL, -1);
      }
      int number = requests.get(turn);
      Map<String, String> before = reader.read();
      repositories.clockwork.slept.clear();
      spoiling.spoil(number, number + more, fault);
      Optional<PublicationException> failure =
          failure(proxy.host() + "/" + reader.path(), retries(fault), turn);
      spoiling.spoil(-1, Fault.NONE);
      Map<String, String> after = reader.read();
      String what = "%s at %d".formatted(fault, number);
      PublishedTags.requireSane(before, after, more > 0 ? 1 : 0);
      if (failure.isPresent()) {
        assertThat(mayFail).as("%s: %s", what, failure.get().getMessage()).isTrue();
        assertThat(failure.get().failure()).as(what).isInstanceOf(RegistryException.class);
        requireTrue(failure.get(), before, after, more > 0);
      } else {
        assertThat(after).as(what).hasSize(before.size() + 2);
        PublishedTags.requireAliasesAtTheNewest(after);
      }
      if (fault == Fault.STATUS_401 || fault == Fault.STATUS_403) {
        assertThat(repositories.clockwork.slept).as(what).isEmpty();
      }
      complete(reader, turn, more > 0 ? 1 : 0);
    }
  }

  private static Retries retries(Fault fault) {
    return fault == Fault.SLOW || fault == Fault.DONE_BUT_SLOW
        ? Repositories.quick()
        : Retries.USUAL;
  }

  private Optional<PublicationException> failure(String name, Retries retries, int round) {
    try {
      publish(name, retries, round);
      return Optional.empty();
    } catch (PublicationException e) {
      return Optional.of(e);
    }
  }

  /**
   * The same images again on a good day: the first time by another user, who has to wait for what
   * one that was broken off has left behind.
   */
  private void complete(PublishedTags reader, int turn, int leftOut) throws Exception {
    Map<String, String> before = reader.read();
    String host = turn == 0 ? server.host() : proxy.host();
    publish(host + "/" + reader.path(), Retries.USUAL, turn);
    Map<String, String> last = reader.read();
    assertThat(last).hasSize(before.size() + 2);
    PublishedTags.requireSane(before, last, leftOut);
    PublishedTags.requireAliasesAtTheNewest(last);
    if (turn == 0 && reader.path().length() % 4 == 0) {
      // skopeo takes a while for what the other reader has read already.
      reader.copyBySkopeo(List.of("debian-12"), folder.resolve("copy"));
    }
  }

  /**
   * What the error tells is what there is.
   *
   * @param gone whether the registry could not be asked any more
   */
  private static void requireTrue(
      PublicationException failure,
      Map<String, String> before,
      Map<String, String> after,
      boolean gone) {
    long unknown = 0;
    for (TagChange change : failure.changes()) {
      Optional<String> there = Optional.ofNullable(after.get(change.tag()));
      switch (change.state()) {
        case SET -> assertThat(there).isEqualTo(change.digest().map(Object::toString));
        case NOT_SET -> assertThat(there).isEqualTo(Optional.ofNullable(before.get(change.tag())));
        case UNKNOWN -> unknown++;
      }
    }
    assertThat(unknown).isLessThanOrEqualTo(gone ? 1 : 0);
    boolean nothing =
        failure.changes().stream().allMatch(each -> each.state() == TagChange.State.NOT_SET);
    assertThat(after.equals(before) || unknown > 0).isEqualTo(nothing || unknown > 0);
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
            new NothingInside(),
            new NothingInside(),
            each -> repositories.open(each.toString(), login, retries),
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

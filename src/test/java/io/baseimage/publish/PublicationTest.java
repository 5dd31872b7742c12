package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.TagChange.State;
import io.baseimage.version.TagRule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a publication that fails tells of the registries. */
@Timeout(60)
final class PublicationTest {
  private static final ImageReference HOME = ImageReference.parse("home.example/joe/baseimage");
  private static final ImageReference PRODUCTION =
      ImageReference.parse("home.example/joe/production");
  private static final ImageReference AWAY = ImageReference.parse("away.example/joe/baseimage");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
  private final RegistryException denied =
      new RegistryException(RegistryException.Kind.DENIED, "Tried to, but it answered: 403.");

  @TempDir private Path folder;

  private final SavedImages images = new SavedImages();
  private final Map<ImageReference, FakeRegistry.Contents> contents = new HashMap<>();
  private Optional<Spoiled> spoiled = Optional.empty();
  private boolean forgetful;
  private boolean mountable = true;
  private final List<String> mounts = new CopyOnWriteArrayList<>();
  private String stolen = "";
  private String hidden = "";
  private final Set<Object> saidToBeThere = ConcurrentHashMap.newKeySet();

  /** A request that fails: before it arrives at the registry, or after that. */
  private record Spoiled(
      ImageReference repository,
      String method,
      String tag,
      boolean arrives,
      RuntimeException with) {}

  @BeforeEach
  void makeRegistries() {
    contents.put(HOME, new FakeRegistry.Contents());
    contents.put(AWAY, new FakeRegistry.Contents());
    contents.put(PRODUCTION, new FakeRegistry.Contents());
  }

  @Test
  void publishWhenTheRegistryHasEverythingTakesNothingOutOfTheEngine() {
    Map<ImageReference, List<Release>> releases = releases(HOME);
    publication().publish(releases);
    images.forget();

    assertThat(publication().publish(releases))
        .extracting(published -> published.version().toString())
        .containsExactly("2026.11-001", "2026.11-001");
    contents(HOME).blobs.clear();
    assertThatThrownBy(() -> publication().publish(releases))
        .hasRootCauseInstanceOf(NullPointerException.class);
  }

  @Test
  void publishWhenOneOfTheRepositoriesIsBehindGivesTheSameNumberInBoth() {
    publication().publish(releases(HOME));

    assertThat(publication().plan(releases(AWAY, HOME)))
        .contains("publish " + AWAY.withTag("debian-12-2026.11-001"))
        .contains("publish " + HOME.withTag("debian-12-2026.11-001"));
    assertThat(publication().publish(releases(AWAY, HOME)))
        .extracting(published -> published.version().toString())
        .containsOnly("2026.11-001");
    assertThat(contents(AWAY).tags.get("debian-12-2026.11-001"))
        .isNotNull()
        .isEqualTo(contents(HOME).tags.get("debian-12-2026.11-001"));
  }

  @Test
  void checkWriteAccessLeavesNoTagAndSaysWhereTagsCannotBeSetAgain() {
    publication().checkWriteAccess(List.of(HOME, AWAY));
    assertThat(contents(HOME).tags).isEmpty();

    contents(AWAY).imagesOnly = true;
    publication().checkWriteAccess(List.of(HOME, AWAY));
    assertThat(contents(AWAY).tags).isEmpty();

    contents(AWAY).immutable = true;
    assertThatThrownBy(() -> publication().checkWriteAccess(List.of(HOME, AWAY)))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DENIED))
        .hasMessageContaining("403")
        .hasMessageContaining("rules that make tags immutable have to leave out 'publisher-*'");
  }

  @Test
  void checkWriteAccessWhereNothingIsDeletedLeavesWhatNobodyWaitsFor() {
    contents(HOME).deletes = false;
    publication().checkWriteAccess(List.of(HOME));

    assertThat(contents(HOME).tags).hasSize(1);
    assertThat(
            new Claims(open(HOME), new KnownManifests(folder)).among(contents(HOME).tags.keySet()))
        .allSatisfy((tag, claim) -> assertThat(claim.state()).isEqualTo(Claim.State.IDLE));
  }

  @Test
  void publishWhenAnEarlierRunFilledAnotherRepositoryTakesItsBlobsOver() {
    publication().publish(releases(HOME));
    images.forget();

    publication().publish(releases(PRODUCTION));

    assertThat(contents(PRODUCTION).tags).containsKey("debian-12-2026.11-000");
    assertThat(mounts).isNotEmpty().allMatch(each -> each.endsWith(" from " + HOME));
  }

  @Test
  void publishWhenTheRegistryDoesNotMountSendsAndDoesNotAskAgain() {
    publication().publish(releases(HOME));
    mountable = false;

    publication().publish(releases(PRODUCTION));
    contents(PRODUCTION).blobs.clear();
    contents(HOME).tags.clear();
    mounts.clear();
    publication().publish(releases(PRODUCTION));

    assertThat(mounts).isEmpty();
    assertThat(contents(PRODUCTION).tags).containsKey("debian-12-2026.11-001");
  }

  @Test
  void publishWhenRepositoriesAreEmptyMountsOnlyIntoThoseThatAreFilledLater() {
    publication().publish(releases(HOME, PRODUCTION));

    assertThat(mounts)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .allMatch(each -> each.startsWith(PRODUCTION + " ") && each.endsWith(" from " + HOME));
  }

  @Test
  void planWhenAnAliasNamesAVersionWhoseTagIsGoneSaysWhatPublishDoes() {
    publication().publish(releases(HOME));
    contents(HOME).tags.remove("debian-12-2026.11-000");

    assertThat(publication().plan(releases(HOME)))
        .contains(
            "leave out " + HOME.withTag("debian-12-2026.11-000") + ", which an alias names still")
        .contains("publish " + HOME.withTag("debian-12-2026.11-001"))
        .contains("publish " + HOME.withTag("debian-13-2026.11-001"));
    assertThat(publication().publish(releases(HOME)))
        .extracting(published -> published.version().toString())
        .containsExactly("2026.11-001", "2026.11-001");
  }

  @Test
  void publishWhenTheRegistryLosesALayerInTheMiddleFailsAsTheRegistryDid() {
    publication().publish(releases(HOME));
    contents(HOME).blobs.clear();
    forgetful = true;

    PublicationException failure =
        Objects.requireNonNull(
            catchThrowableOfType(
                PublicationException.class, () -> publication().publish(releases(HOME))));

    assertThat(failure.failure())
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.WRONG_CONTENT));
    assertThat(failure)
        .hasMessageContaining("does not have it any more")
        .hasMessageContaining("Nothing visible was changed");
  }

  @Test
  void publishWhenTheLastVersionIsRefusedMovesNoAliasAnywhere() {
    PublicationException failure =
        failure(new Spoiled(HOME, "put", "debian-13-2026.11-000", false, denied));

    assertThat(failure.failure()).isSameAs(denied);
    assertThat(failure)
        .hasMessage(
            """
            Tried to, but it answered: 403.
            In home.example/joe/baseimage:
              published: debian-12-2026.11-000@%s
              not published: debian-13-2026.11-000
              not moved: debian-12, latest, debian-13
            In away.example/joe/baseimage:
              published: debian-12-2026.11-000@%s, debian-13-2026.11-000@%s
              not moved: debian-12, latest, debian-13
            A version that is published stays. The next run takes the next number."""
                .formatted(
                    contents(HOME).tags.get("debian-12-2026.11-000"),
                    contents(AWAY).tags.get("debian-12-2026.11-000"),
                    contents(AWAY).tags.get("debian-13-2026.11-000")));
  }

  @Test
  void publishWhenAnAliasOfTheSecondRepositoryIsRefusedTellsOfBoth() {
    PublicationException failure = failure(new Spoiled(HOME, "put", "latest", false, denied));

    assertThat(failure)
        .hasMessageContaining("  moved: debian-12\n  not moved: latest, debian-13\nIn away.example")
        .hasMessageContaining("  moved: debian-12, latest, debian-13\n");
    assertThat(failure.changes())
        .filteredOn(change -> change.state() == State.NOT_SET)
        .extracting(TagChange::repository, TagChange::tag)
        .hasToString(
            "[(home.example/joe/baseimage, \"latest\"),"
                + " (home.example/joe/baseimage, \"debian-13\")]");
    failure
        .changes()
        .forEach(
            change -> {
              Optional<Digest> there =
                  Optional.ofNullable(contents(change.repository()).tags.get(change.tag()));
              assertThat(there.isPresent() && there.equals(change.digest()))
                  .isEqualTo(change.state() == State.SET);
            });
  }

  @Test
  void publishWhenSomebodyElseSetsTheSameTagGoesNoFurther() {
    for (String tag : List.of("debian-13-2026.11-000", "latest")) {
      makeRegistries();
      stolen = tag;

      PublicationException failure =
          Objects.requireNonNull(
              catchThrowableOfType(
                  PublicationException.class, () -> publication().publish(releases(HOME))));

      assertThat(failure.failure())
          .isInstanceOfSatisfying(
              RegistryException.class,
              e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.WRONG_CONTENT));
      assertThat(failure)
          .hasMessageStartingWith("Tried to read back home.example/joe/baseimage:" + tag)
          .hasMessageContaining(
              tag.equals("latest")
                  ? "  moved: debian-12\n  not moved: latest, debian-13\n"
                  : "  not moved: debian-12, latest, debian-13\n");
    }
  }

  @Test
  void publishWhenATagIsNotInTheListOfThemLeavesItAloneAndTakesTheNextNumber() {
    Digest other = Digest.of(new byte[0]);
    hidden = "debian-13-2026.11-000";
    contents(HOME).tags.put(hidden, other);

    assertThat(publication().publish(releases(HOME)))
        .extracting(published -> published.version().toString())
        .containsExactly("2026.11-000", "2026.11-001");
    assertThat(contents(HOME).tags).containsEntry(hidden, other);
  }

  @Test
  void publishWhenAnAliasIsAVersionsTagOfAnotherPatternRefusesAndLeavesIt() {
    publication().publish(releases(HOME));
    Digest version = contents(HOME).tags.get("debian-12-2026.11-000");
    EngineImage image = images.add(new Platform("linux", "amd64"), "base", "new");
    Release release =
        new Release(
            new TagRule("debian-12", "{version}-{variant}", Optional.empty()),
            List.of("debian-12-2026.11-000"),
            List.of(image),
            Map.of());

    assertThatThrownBy(() -> publication().publish(Map.of(HOME, List.of(release))))
        .hasMessageContaining("is the tag of version 2026.11-000, which never moves")
        .hasMessageContaining("Nothing visible was changed");
    assertThat(contents(HOME).tags).containsEntry("debian-12-2026.11-000", version);
  }

  @Test
  void publishWhenNoAnswerComesAsksWhatWasDone() {
    PublicationException failure =
        failure(new Spoiled(HOME, "put", "debian-13-2026.11-000", true, denied));

    assertThat(failure)
        .hasMessageContaining("  published: debian-12-2026.11-000@")
        .hasMessageContaining(", debian-13-2026.11-000@")
        .hasMessageContaining("  not moved: debian-12, latest, debian-13\n");
  }

  @Test
  void publishWhenOnlyBlobsWereSentSaysThatNothingChanged() {
    PublicationException failure = failure(new Spoiled(AWAY, "upload", "", true, denied));

    assertThat(failure)
        .hasMessage(
            """
            Tried to, but it answered: 403.
            Nothing visible was changed in home.example/joe/baseimage.
            Nothing visible was changed in away.example/joe/baseimage.""");
  }

  @Test
  void publishWhenItIsInterruptedSaysWhatIsNotKnown() {
    PublicationException failure =
        failure(
            new Spoiled(
                HOME,
                "put",
                "debian-12-2026.11-000",
                true,
                new InterruptedRunException("trying to do it")));

    assertThat(failure)
        .hasMessageStartingWith("interrupted while trying to do it\nIn home.example")
        .hasMessageContaining("  perhaps published: debian-12-2026.11-000@sha256:")
        .hasMessageContaining("  not published: debian-13-{version}\n")
        .hasMessageContaining("  not moved: debian-12, latest, debian-13\n");
  }

  @Test
  void rollbackWhenAnAliasIsRefusedTellsOfTheOthers() {
    for (int i = 0; i < 2; i++) {
      publication().publish(releases(HOME));
    }
    spoiled = Optional.of(new Spoiled(HOME, "put", "latest", false, denied));
    Rollback rollback = new Rollback(open(HOME), workspace(), NOVEMBER, PublisherQueueTest.log());
    PublicationException failure =
        Objects.requireNonNull(
            catchThrowableOfType(
                PublicationException.class,
                () ->
                    rollback.to(
                        TagRule.usual("debian-12"),
                        Optional.empty(),
                        List.of("debian-12", "latest"))));

    assertThat(failure)
        .hasMessage(
            """
            Tried to, but it answered: 403.
            In home.example/joe/baseimage:
              withdrawn: debian-12-2026.11-001
              moved: debian-12
              not moved: latest""");
  }

  private PublicationException failure(Spoiled request) {
    spoiled = Optional.of(request);
    return Objects.requireNonNull(
        catchThrowableOfType(
            PublicationException.class, () -> publication().publish(releases(HOME, AWAY))));
  }

  private Publication publication() {
    return new Publication(
        images.engine(),
        new NothingInside(),
        new NothingInside(),
        this::open,
        workspace(),
        NOVEMBER,
        PublisherQueueTest.log());
  }

  private Workspace workspace() {
    return new Workspace(folder.resolve("cache"), folder.resolve("state"), folder);
  }

  private Map<ImageReference, List<Release>> releases(ImageReference... repositories) {
    EngineImage one = images.add(new Platform("linux", "amd64"), "base", "one");
    EngineImage two = images.add(new Platform("linux", "amd64"), "base", "two");
    List<Release> releases =
        List.of(
            new Release(
                TagRule.usual("debian-12"), List.of("debian-12", "latest"), List.of(one), Map.of()),
            new Release(TagRule.usual("debian-13"), List.of("debian-13"), List.of(two), Map.of()));
    Map<ImageReference, List<Release>> all = new LinkedHashMap<>();
    for (ImageReference repository : repositories) {
      all.put(repository, releases);
    }
    return all;
  }

  private boolean mount(ImageReference repository, Digest blob, ImageReference from) {
    mounts.add(repository + " " + blob + " from " + from);
    byte[] its = contents(from).blobs.get(blob);
    if (!mountable || its == null) {
      return false;
    }
    contents(repository).blobs.put(blob, its);
    return true;
  }

  private FakeRegistry.Contents contents(ImageReference repository) {
    return Objects.requireNonNull(contents.get(repository));
  }

  private Registry open(ImageReference repository) {
    FakeRegistry registry =
        new FakeRegistry(
            contents(repository), new PublisherQueueTest.Virtual(), Duration.ofMillis(2), 1);
    return (Registry)
        Proxy.newProxyInstance(
            Registry.class.getClassLoader(),
            new Class<?>[] {Registry.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("repository")) {
                return repository;
              }
              if (forgetful
                  && method.getName().equals("hasBlob")
                  && saidToBeThere.add(arguments[0])) {
                return true;
              }
              Optional<RuntimeException> failure =
                  spoiled
                      .filter(request -> request.repository().equals(repository))
                      .filter(request -> request.method().equals(method.getName()))
                      .filter(
                          request -> request.tag().isEmpty() || request.tag().equals(arguments[0]))
                      .map(Spoiled::with);
              if (failure.isPresent() && !spoiled.orElseThrow().arrives()) {
                throw failure.get();
              }
              if (method.getName().equals("mount")) {
                return mount(repository, (Digest) arguments[0], (ImageReference) arguments[1]);
              }
              Object answer;
              try {
                answer = method.invoke(registry, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (failure.isPresent()) {
                throw failure.get();
              }
              if (method.getName().equals("tags")) {
                return contents(repository).tags.keySet().stream()
                    .filter(tag -> !tag.equals(hidden))
                    .toList();
              }
              if (method.getName().equals("put") && arguments[0].equals(stolen)) {
                contents(repository).tags.put(stolen, Digest.of(new byte[0]));
              }
              return answer;
            });
  }
}

package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class PublisherTest {
  private static final Platform AMD64 = new Platform("linux", "amd64");
  private static final Platform ARM64 = new Platform("linux", "arm64");
  private static final Clock NOVEMBER =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private final Ticker virtual = new PublisherQueueTest.Virtual();
  private final FakeRegistry.Contents contents = new FakeRegistry.Contents();
  private final Map<EngineImage, StoredImage> stored = new HashMap<>();
  private final Set<String> checked = new HashSet<>();
  private final RecordingLog log = new RecordingLog();

  @Test
  void publishGivesTheNextNumberAndThenMovesTheAliases() {
    publish("one", release("debian-12", AMD64));
    List<Published> second = publish("one", release("debian-12", AMD64));

    assertThat(second.get(0).name())
        .hasToString("registry.example/joe/baseimage:debian-12-2026.11-001");
    assertThat(second.get(0).aliases())
        .hasToString(
            "[registry.example/joe/baseimage:debian-12, registry.example/joe/baseimage:latest]");
    assertThat(tagsOf(second.get(0).digest()))
        .containsExactly("debian-12", "debian-12-2026.11-001", "latest");
    Manifest manifest = manifest("debian-12");
    assertThat(Manifests.read(manifest).path("annotations").path(VersionManifests.VERSION).asText())
        .isEqualTo("2026.11-001");
  }

  @Test
  void publishWhenSomethingElseTookThePlaceGivesNothing() {
    Release release = release("debian-12", AMD64);
    Release first = release.inThePlaceOf(new Release.Place.Empty());
    publish("one", first);
    assertReplaced(first);

    Release.Place alias = new Release.Place.Tag("debian-12", manifest("debian-12").digest());
    publish("one", release.inThePlaceOf(alias));
    assertReplaced(release.inThePlaceOf(alias));

    Release.Place newest =
        new Release.Place.Tag("debian-12-2026.11-001", manifest("debian-12-2026.11-001").digest());
    publish("one", release.inThePlaceOf(newest));
    assertReplaced(release.inThePlaceOf(newest));
    assertThat(versions()).hasSize(3);
  }

  private void assertReplaced(Release release) {
    int before = contents.tags.size();
    assertThatThrownBy(() -> publish("two", release))
        .isInstanceOfSatisfying(
            RegistryException.class,
            failure -> assertThat(failure.kind()).isEqualTo(RegistryException.Kind.REPLACED));
    assertThat(contents.tags).hasSize(before);
  }

  @Test
  void publishWhenThereAreSeveralPlatformsGivesOneIndexWithAllOfThem() {
    publish("one", release("debian-12", AMD64, ARM64));

    assertThat(Manifests.platforms(manifest("debian-12-2026.11-000")))
        .containsExactly(AMD64, ARM64);
  }

  @Test
  void publishAttachesAnSbomToTheImageOfEachPlatformAndCountsItAsNoVersion() {
    publish("one", release("debian-12", AMD64, ARM64));

    List<Digest> images = images("debian-12-2026.11-000");
    assertThat(sbom(images.get(0))).hasValueSatisfying(text -> assertThat(text).contains("amd64"));
    assertThat(sbom(images.get(1))).hasValueSatisfying(text -> assertThat(text).contains("arm64"));
    assertThat(contents.tags).containsKey("sha256-" + images.get(0).hex());
    assertThat(new RepositoryTags(registry(9), folder).versions())
        .extracting(TaggedVersion::tag)
        .containsExactly("debian-12-2026.11-000");
    assertThat(publish("one", release("debian-12", AMD64, ARM64)).get(0).version())
        .hasToString("2026.11-001");
  }

  @Test
  void publishWhenTheRegistryListsReferrersSetsNoTagForThem() {
    contents.lists = true;
    publish("one", release("debian-12", AMD64));

    assertThat(contents.tags.keySet()).noneMatch(Referrers::isTag);
    assertThat(sbom(images("debian-12").get(0))).isPresent();
  }

  @Test
  void attachWhenOthersHaveAttachedSomethingKeepsItAndAddsItselfOnce() {
    Digest subject = Digest.of("subject".getBytes(StandardCharsets.UTF_8));
    Manifest theirs = Manifests.note("application/of.others", Map.of("signed", "by me"));
    Manifest ours = Manifests.note("application/ours", Map.of());
    Referrers referrers = new Referrers(registry(1));
    referrers.attach(theirs, subject, () -> {});
    referrers.attach(ours, subject, () -> {});
    Manifest index = manifest(Referrers.tag(subject));
    referrers.attach(ours, subject, () -> {});

    assertThat(manifest(Referrers.tag(subject))).isEqualTo(index);
    assertThat(referrers.of(subject))
        .containsExactly(
            new Referrer(theirs.digest(), "application/of.others", Map.of("signed", "by me")),
            new Referrer(ours.digest(), "application/ours", Map.of()));
  }

  @Test
  void publishWhenTheTagForReferrersIsSomethingElseRefusesBeforeTheVersionIsThere() {
    publish("one", release("debian-12", AMD64));
    Digest subject = images("debian-12-2026.11-000").get(0);
    contents.tags.clear();
    Manifest odd = Manifests.note("application/odd", Map.of());
    contents.manifests.put(odd.digest(), odd);
    contents.tags.put(Referrers.tag(subject), odd.digest());

    assertThatThrownBy(() -> publish("one", release("debian-12", AMD64)))
        .hasMessageContaining(Referrers.tag(subject))
        .hasMessageContaining("no index");
    assertThat(versions()).isEmpty();
  }

  @Test
  void publishWhenTheRegistryTakesImagesOnlyGivesTheVersionAndNamesTheSbomThatIsMissing() {
    contents.imagesOnly = true;
    contents.deletes = false;
    publish("one", release("debian-12", AMD64));
    publish("two", release("debian-12", AMD64));
    rollback(Optional.empty());

    assertThat(versions()).containsExactly("debian-12-2026.11-000", "debian-12-2026.11-001");
    assertThat(log.warnings)
        .hasSize(2)
        .first(InstanceOfAssertFactories.STRING)
        .contains("The SBOM of registry.example/joe/baseimage@" + manifest("latest").digest())
        .contains("MANIFEST_INVALID");
    assertThat(tagsOf(manifest("latest").digest())).contains("debian-12-2026.11-000");
    assertThat(new RepositoryTags(registry(9), folder).versions())
        .extracting(TaggedVersion::tag, TaggedVersion::withdrawn)
        .hasToString("[(\"debian-12-2026.11-000\", false), (\"debian-12-2026.11-001\", true)]");
    String note = "debian-12-2026.11-001" + RepositoryTags.WITHDRAWN;
    assertThatThrownBy(
            () ->
                new Objections(registry(9))
                    .require(
                        TagRule.usual("debian-12"), List.of(note), List.of(AMD64), List.of(note)))
        .hasMessageContaining("no image");
  }

  @Test
  void publishWhenOneOfARegistryThatTakesImagesOnlyDiedGoesOn() {
    contents.imagesOnly = true;
    FakeRegistry dying = registry(5);
    dying.diesGiving = true;
    Release release = release("debian-12", AMD64);
    assertThatThrownBy(() -> publish(dying, "one", NOVEMBER, release))
        .isInstanceOf(FakeRegistry.Death.class);

    assertThat(publish("two", release("debian-12", AMD64)).get(0).version())
        .hasToString("2026.11-001");
  }

  @Test
  void publishWhenAPlatformOfTheAliasWouldBeLostRefusesBeforeAnything() {
    publish("one", release("debian-12", AMD64, ARM64));
    List<String> before = List.copyOf(contents.tags.keySet());

    assertThatThrownBy(() -> publish("one", release("debian-12", AMD64)))
        .hasMessageContaining("linux/arm64");
    assertThat(contents.tags.keySet()).containsExactlyElementsOf(before);

    publish("one", release("debian-13", AMD64));
    assertThatThrownBy(() -> publish("one", release("debian-13", ARM64)))
        .hasMessageContaining("linux/amd64");
  }

  @Test
  void publishWhenThereAreSeveralVariantsMovesNoAliasBeforeTheLastVersionIsThere() {
    publish("one", release("debian-12", AMD64), release("debian-13", AMD64));

    List<String> tags =
        contents.history.stream()
            .map(change -> change.replaceFirst(" .*", ""))
            .filter(tag -> !tag.startsWith(Claim.TAG_PREFIX) && !Referrers.isTag(tag))
            .toList();
    assertThat(tags)
        .containsExactly(
            "debian-12-2026.11-000", "debian-13-2026.11-000", "debian-12", "latest", "debian-13");
  }

  @Test
  void publishWhenANewerVersionIsThereThanTheClockGivesRefusesBeforeAnything() {
    publish("one", release("debian-12", AMD64));
    Clock late = Clock.fixed(Instant.parse("2026-10-01T00:00:00Z"), ZoneOffset.UTC);

    assertThatThrownBy(() -> publish(registry(7), "late", late, release("debian-12", AMD64)))
        .hasMessageContaining("2026.10-000, but 2026.11-000 there is newer")
        .hasMessageContaining("clock");
    assertThat(versions()).containsExactly("debian-12-2026.11-000");
  }

  @Test
  void publishWhenAWithdrawnVersionWasRemovedDoesNotGiveItsNumberAgain() {
    publish("one", release("debian-12", AMD64));
    publish("one", release("debian-12", AMD64));
    rollback(Optional.empty());
    contents.tags.remove("debian-12-2026.11-001");

    assertThat(publish("one", release("debian-12", AMD64)).get(0))
        .returns("2026.11-002", published -> published.version().toString())
        .returns(2, published -> published.aliases().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debian-12", "latest"})
  void publishWhenTheNewestTagWasRemovedAndAnAliasNamesItDoesNotGiveItsNumberAgain(String alias) {
    publish("one", release("debian-12", AMD64));
    publish("one", release("debian-12", AMD64));
    contents.tags.keySet().retainAll(List.of("debian-12-2026.11-000", alias));
    TagRule rule = TagRule.usual("debian-12");
    assertThat(
            new RepositoryTags(registry(9), folder)
                .named(rule, List.of("debian-12", "latest"), contents.tags.keySet()))
        .containsExactly("debian-12-2026.11-001");
    Release release = release("debian-12", AMD64);

    assertThat(publish("one", release).get(0).version()).hasToString("2026.11-002");
  }

  @Test
  void publishWithoutAliasesGoesByTheOneThatTheVariantHas() {
    publish("one", release("debian-12", AMD64));
    contents.tags.remove("debian-12-2026.11-000");
    Release silent =
        new Release(TagRule.usual("debian-12"), List.of(), List.of(image("new", AMD64)), Map.of());

    assertThat(publish("one", silent).get(0).version()).hasToString("2026.11-001");
  }

  @Test
  void publishWhenAnAliasNamesAnotherVariantsVersionCountsFromTheBeginning() {
    publish("one", named(TagRule.usual("other"), "other", image("x", AMD64)));
    contents.tags.put("debian-12", Objects.requireNonNull(contents.tags.get("other")));

    assertThat(publish("one", release("debian-12", AMD64)).get(0).version())
        .hasToString("2026.11-000");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publishWhenTheAliasesHaveToStayFailsAfterEveryVersionIsThere(boolean withdrawn) {
    publish("one", release("debian-12", AMD64));
    FakeRegistry slow = registry(5);
    slow.afterGiving =
        () -> {
          slow.afterGiving = () -> {};
          if (withdrawn) {
            rollback(Optional.of(ImageVersion.parse("2026.11-000")));
          } else {
            publish("quick", release("debian-12", AMD64));
          }
        };
    Release first = release("debian-12", AMD64);
    Release second = release("debian-13", AMD64);

    assertThatThrownBy(() -> publish(slow, "slow", NOVEMBER, first, second))
        .hasMessage(
            "Tried to move aliases to registry.example/joe/baseimage:debian-12-2026.11-001, but "
                + (withdrawn
                    ? "it was withdrawn meanwhile"
                    : "2026.11-002, which was published meanwhile, is newer")
                + ": they stay where they are.");
    assertThat(tagsOf(manifest("debian-12").digest()))
        .contains(withdrawn ? "debian-12-2026.11-000" : "debian-12-2026.11-002");
    assertThat(tagsOf(manifest("debian-13").digest())).contains("debian-13-2026.11-000");
  }

  @Test
  void publishWhenTheNewerVersionWasWithdrawnMovesTheAliases() {
    publish("one", release("debian-12", AMD64));
    Clock ahead = Clock.fixed(Instant.parse("2027-05-20T00:00:00Z"), ZoneOffset.UTC);
    publish(registry(7), "ahead", ahead, release("debian-12", AMD64));
    rollback(Optional.empty());
    publish("one", release("debian-12", AMD64));

    assertThat(versions()).hasSize(3).contains("debian-12-2027.05-000");
    assertThat(tagsOf(manifest("debian-12").digest())).contains("debian-12-2026.11-001");
  }

  @Test
  void publishWhenManyDoItAtOnceGivesEachItsOwnNumberAndMovesNone() throws Exception {
    List<Callable<Integer>> publishers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Release release = release("debian-12", AMD64);
      String name = "p" + i;
      FakeRegistry registry =
          new FakeRegistry(contents, PublisherQueueTest.QUICK, Duration.ofMillis(12), i);
      publishers.add(
          () -> {
            for (int round = 0; round < 4; round++) {
              publish(registry, name, NOVEMBER, release);
            }
            return 0;
          });
    }
    PublisherQueueTest.runAll(publishers);

    assertEachVersionWasSetOnce();
    assertThat(versions()).hasSize(40).contains("debian-12-2026.11-039");
    assertThat(tagsOf(manifest("latest").digest()))
        .containsExactly("debian-12", "debian-12-2026.11-039", "latest");
  }

  @Test
  void publishWhenItDiesAtAnyMomentLeavesWholeVersionsOnlyAndTheNextOneGoesOn() {
    Map<String, Long> missing = new HashMap<>();
    for (int moment = 0; moment < 110; moment++) {
      contents.deletes = moment % 3 != 0;
      contents.lists = moment % 4 == 0;
      FakeRegistry dying = registry(moment);
      dying.diesAfter = moment;
      try {
        publish(
            dying,
            "dying",
            NOVEMBER,
            release("debian-12", AMD64, ARM64),
            release("debian-13", AMD64));
      } catch (FakeRegistry.Death e) {
        // As it should.
      }
      assertEverythingIsWhole();
      publish("next", release("debian-12", AMD64, ARM64), release("debian-13", AMD64));
      assertEverythingIsWhole();
      assertEachVersionWasSetOnce();
      for (String variant : List.of("debian-12", "debian-13")) {
        TagRule rule = TagRule.usual(variant);
        ImageVersion newest = rule.newest(contents.tags.keySet()).orElseThrow();
        assertThat(tagsOf(manifest(variant).digest())).contains(rule.tag(newest));
        // A number may be left out whose publisher died while it gave it.
        long given = versions().stream().filter(tag -> tag.startsWith(variant)).count();
        long left = newest.number() + 1 - given;
        long before = missing.getOrDefault(variant, 0L);
        assertThat(left).isBetween(before, before + 1);
        missing.put(variant, left);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "another"})
  void publishWhenTheTagOfOneThatDiedArrivesLateHasNotGivenItsNumber(String next) {
    publish("one", release("debian-12", AMD64));
    FakeRegistry dying = registry(5);
    dying.diesGiving = true;
    Release release = release("debian-12", AMD64);
    assertThatThrownBy(() -> publish(dying, "one", NOVEMBER, release))
        .isInstanceOf(FakeRegistry.Death.class);
    publish(next, release("debian-12", AMD64));
    publish("third", release("debian-12", AMD64));
    dying.underWay.run();

    assertThat(versions())
        .containsExactly(
            "debian-12-2026.11-000",
            "debian-12-2026.11-001",
            "debian-12-2026.11-002",
            "debian-12-2026.11-003");
    assertEachVersionWasSetOnce();
    assertThat(tagsOf(manifest("debian-12").digest())).contains("debian-12-2026.11-003");
  }

  @Test
  void publishWhenAnotherDiedIsNotHeldUpByItOnceMore() throws Exception {
    FakeRegistry dying = registry(5);
    dying.diesGiving = true;
    Release release = release("debian-12", AMD64);
    assertThatThrownBy(() -> publish(dying, "one", NOVEMBER, release))
        .isInstanceOf(FakeRegistry.Death.class);
    assertThat(new RepositoryTags(registry(5), folder).pending())
        .containsExactly("debian-12-2026.11-000");
    publish("two", release("debian-12", AMD64));
    long before = virtual.nanoTime();
    publish("three", release("debian-12", AMD64));

    assertThat(Duration.ofNanos(virtual.nanoTime() - before)).isLessThan(PublisherTurn.LEAST_LEASE);
    assertThat(versions()).containsExactly("debian-12-2026.11-001", "debian-12-2026.11-002");
  }

  @Test
  void publishWhenTheTurnIsLostTakesAnotherOne() {
    FakeRegistry slow = registry(5);
    Release release = release("debian-12", AMD64);
    slow.beforeGiving =
        () -> {
          publish("quick", release("debian-12", AMD64));
          slow.beforeGiving = () -> {};
        };
    assertThat(publish(slow, "slow", NOVEMBER, release).get(0).version())
        .hasToString("2026.11-002");
    assertThat(versions()).containsExactly("debian-12-2026.11-001", "debian-12-2026.11-002");
    assertEachVersionWasSetOnce();
    assertThat(tagsOf(manifest("debian-12").digest())).contains("debian-12-2026.11-002");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void publishWhenTheRegistryDeniesOnceThatThePublishersTagIsThereGoesOn(int look) {
    AtomicInteger looks = new AtomicInteger();
    FakeRegistry registry =
        new FakeRegistry(contents, virtual, Duration.ofMillis(2), 1) {
          @Override
          public Optional<Digest> digest(String tag) {
            Optional<Digest> there = super.digest(tag);
            boolean denied = tag.startsWith(Claim.TAG_PREFIX) && looks.incrementAndGet() == look;
            return denied ? Optional.empty() : there;
          }
        };

    assertThat(publish(registry, "one", NOVEMBER, release("debian-12", AMD64)).get(0).version())
        .hasToString("2026.11-000");
    assertThat(publish("two", release("debian-12", AMD64)).get(0).version())
        .hasToString("2026.11-001");
  }

  @Test
  void rollbackMovesTheAliasesBackAndTheyDoNotReturn() {
    for (int i = 0; i < 3; i++) {
      publish("one", release("debian-12", AMD64));
    }
    Rollback.Outcome first = rollback(Optional.empty());
    assertThat(first.to()).hasToString("2026.11-001");
    assertThat(first.withdrawn()).hasToString("[2026.11-002]");
    assertThat(tagsOf(manifest("latest").digest())).contains("debian-12-2026.11-001", "debian-12");
    assertThat(contents.tags).containsKey("debian-12-2026.11-002");

    assertThat(rollback(Optional.empty()).to()).hasToString("2026.11-000");
    assertThatThrownBy(() -> rollback(Optional.empty())).hasMessageContaining("no version before");
    assertThatThrownBy(() -> rollback(Optional.of(ImageVersion.parse("2026.11-002"))))
        .hasMessageContaining("withdrawn");
    assertThatThrownBy(() -> rollback(Optional.of(ImageVersion.parse("2026.11-009"))))
        .hasMessageContaining("there is no debian-12-2026.11-009");

    publish("one", release("debian-12", AMD64));
    assertThat(tagsOf(manifest("debian-12").digest())).contains("debian-12-2026.11-003");
    assertThat(new RepositoryTags(registry(9), folder).versions())
        .extracting(TaggedVersion::tag, TaggedVersion::withdrawn)
        .hasToString(
            "[(\"debian-12-2026.11-000\", false), (\"debian-12-2026.11-001\", true),"
                + " (\"debian-12-2026.11-002\", true), (\"debian-12-2026.11-003\", false)]");
    assertEachVersionWasSetOnce();
  }

  @Test
  void rollbackWhenItDiesAtAnyMomentIsDoneByTheNextOne() {
    for (int moment = 0; moment < 60; moment++) {
      publish("one", release("debian-12", AMD64));
      publish("one", release("debian-12", AMD64));
      FakeRegistry dying = registry(moment);
      dying.diesAfter = moment;
      TagRule rule = TagRule.usual("debian-12");
      ImageVersion bad = rule.newest(contents.tags.keySet()).orElseThrow();
      try {
        new Rollback(dying, queue(dying, "dying"), NOVEMBER, PublisherQueueTest.log())
            .to(rule, Optional.empty(), List.of("debian-12", "latest"));
      } catch (FakeRegistry.Death e) {
        // As it should.
      }
      Optional<ImageVersion> to = Optional.of(new ImageVersion(bad.series(), bad.number() - 1));
      rollback(to);
      assertThat(tagsOf(manifest("latest").digest())).contains("debian-12", rule.tag(to.get()));
      assertThat(contents.tags).containsKey(rule.tag(bad) + RepositoryTags.WITHDRAWN);
    }
  }

  @Test
  void publishWhenTagsDoNotNameTheVariantLeavesVersionsOfOthersAlone() {
    TagRule rule = new TagRule("debian-12", "{version}", Optional.of("2017.03"));
    Release mine = named(rule, "debian-12", image("mine", AMD64));
    Release other =
        named(
            new TagRule("other", "{version}", Optional.of("2017.03")), "other", image("x", AMD64));
    publish("one", mine);
    publish("one", mine);

    assertThatThrownBy(() -> publish("one", other))
        .hasMessage(
            "Tried to publish other to registry.example/joe/baseimage with tags of the pattern"
                + " {version}, but 2017.03-001 there is a version of debian-12. Put {variant} into"
                + " the pattern (--tag-pattern, or tags.pattern in the variant's file) or publish"
                + " to another repository. Nothing was published.");
    assertThat(versions()).containsExactly("2017.03-000", "2017.03-001");
    assertThat(contents.tags).doesNotContainKey("other");
  }

  @Test
  void rollbackWhenTagsDoNotNameTheVariantPassesOverVersionsOfOthers() {
    TagRule rule = new TagRule("debian-12", "{version}", Optional.of("2017.03"));
    Release mine = named(rule, "debian-12", image("mine", AMD64));
    publish("one", mine);
    publish("one", named(rule, "other", image("others", AMD64)));
    contents.tags.put("debian-12", Objects.requireNonNull(contents.tags.get("2017.03-000")));
    // What is not of ours is there already, by whatever means, and a version of ours follows it.
    Release again = named(rule, "debian-12", image("again", AMD64));
    assertThatThrownBy(() -> publish("one", again)).hasMessageContaining("a version of other");
    contents.tags.put("2017.03-002", manifest("2017.03-000").digest());
    publish("one", again);

    FakeRegistry registry = registry(3);
    Rollback.Outcome outcome =
        new Rollback(registry, queue(registry, "back"), NOVEMBER, PublisherQueueTest.log())
            .to(rule, Optional.of(ImageVersion.parse("2017.03-000")), List.of("debian-12"));

    assertThat(outcome.withdrawn()).hasToString("[2017.03-002, 2017.03-003]");
    assertThat(manifest("debian-12")).isEqualTo(manifest("2017.03-000"));
  }

  private static Release named(TagRule rule, String annotated, EngineImage image) {
    return new Release(
        rule, List.of(annotated), List.of(image), Map.of(ImageRecipe.VARIANT_LABEL, annotated));
  }

  private Rollback.Outcome rollback(Optional<ImageVersion> to) {
    FakeRegistry registry = registry(3);
    return new Rollback(registry, queue(registry, "back"), NOVEMBER, PublisherQueueTest.log())
        .to(TagRule.usual("debian-12"), to, List.of("debian-12", "latest"));
  }

  private void assertEachVersionWasSetOnce() {
    assertThat(contents.history.stream().map(each -> each.replaceFirst(" .*", "")))
        .filteredOn(tag -> tag.matches(".*-\\d{3}"))
        .doesNotHaveDuplicates();
  }

  /** What a tag names is there, down to the blobs, and each version's images have their SBOMs. */
  private void assertEverythingIsWhole() {
    contents.tags.values().stream()
        .filter(digest -> checked.add(digest.toString()))
        .forEach(digest -> assertIsWhole(manifest(digest)));
    versions().stream()
        .filter(checked::add)
        .forEach(tag -> images(tag).forEach(image -> assertThat(sbom(image)).isPresent()));
  }

  private List<Digest> images(String tag) {
    List<Digest> images = new ArrayList<>();
    Manifests.read(manifest(tag))
        .path("manifests")
        .forEach(entry -> images.add(Digest.parse(entry.path("digest").asText())));
    return images.isEmpty() ? List.of(manifest(tag).digest()) : images;
  }

  /** Where a reader finds it, be it one who knows registries' lists or the tag alone. */
  private Optional<String> sbom(Digest image) {
    FakeRegistry registry = registry(5);
    Optional<byte[]> found = Sboms.find(registry, image, NothingInside.TYPE);
    if (found.isEmpty()) {
      contents.lists = !contents.lists;
      found = Sboms.find(registry, image, NothingInside.TYPE);
      contents.lists = !contents.lists;
    }
    return found.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private Sboms sboms() {
    Sboms sboms =
        Sboms.of(
            stored.keySet(),
            image -> new NothingInside().write(image, Inventory.EMPTY),
            new NothingInside().mediaType(),
            log);
    sboms.upload(registry(6));
    return sboms;
  }

  private void assertIsWhole(Manifest manifest) {
    Manifests.read(manifest)
        .path("manifests")
        .forEach(entry -> assertIsWhole(manifest(Digest.parse(entry.path("digest").asText()))));
    Manifests.read(manifest)
        .path("layers")
        .forEach(
            layer ->
                assertThat(contents.blobs)
                    .containsKey(Digest.parse(layer.path("digest").asText())));
  }

  private List<String> versions() {
    return contents.tags.keySet().stream().filter(tag -> tag.matches(".*-\\d{3}")).toList();
  }

  private Manifest manifest(String tag) {
    return manifest(Objects.requireNonNull(contents.tags.get(tag)));
  }

  private Manifest manifest(Digest digest) {
    return Objects.requireNonNull(contents.manifests.get(digest));
  }

  private List<String> tagsOf(Digest digest) {
    return contents.tags.entrySet().stream()
        .filter(tag -> tag.getValue().equals(digest))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<Published> publish(String publisher, Release... releases) {
    return publish(registry(1), publisher, NOVEMBER, releases);
  }

  private List<Published> publish(
      FakeRegistry registry, String publisher, Clock clock, Release... releases) {
    TagChanges changes = TagChanges.of(registry.repository(), List.of(releases));
    try (Publisher.Part part =
        new Publisher(registry, queue(registry, publisher), clock, PublisherQueueTest.log())
            .begin(List.of(releases), stored, sboms(), changes, () -> {})) {
      return Publisher.publish(List.of(part)).getOrDefault(registry.repository(), List.of());
    }
  }

  private FakeRegistry registry(long seed) {
    return new FakeRegistry(contents, virtual, Duration.ofMillis(2), seed);
  }

  private PublisherQueue queue(FakeRegistry registry, String publisher) {
    return PublisherQueueTest.queue(registry, folder.resolve(publisher), registry.ticker);
  }

  private Release release(String variant, Platform... platforms) {
    List<EngineImage> images =
        IntStream.range(0, platforms.length)
            .mapToObj(i -> image(variant + " " + platforms[i], platforms[i]))
            .toList();
    return new Release(
        TagRule.usual(variant),
        variant.equals("debian-12") ? List.of(variant, "latest") : List.of(variant),
        images,
        Map.of("odd", "yes"));
  }

  private EngineImage image(String content, Platform platform) {
    byte[] config =
        "{\"architecture\":\"%s\",\"os\":\"linux\",\"for\":\"%s\"}"
            .formatted(platform.architecture(), content)
            .getBytes(StandardCharsets.UTF_8);
    Digest id = Digest.of(config);
    contents.blobs.put(id, config);
    EngineImage image =
        new EngineImage(
            id, List.of(), List.of(), platform, 1, Instant.EPOCH, Map.of(), List.of(id));
    stored.put(
        image,
        new StoredImage(
            platform,
            id,
            config.length,
            Optional.empty(),
            List.of(
                new StoredImage.Layer(
                    id, id, config.length, Optional.of(ContentSource.of(config))))));
    return image;
  }
}

package io.baseimage.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.PackageUpgrades;
import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Workspace;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.rebuild.FreshnessCheck.Subject;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FreshnessCheckTest {
  private static final VariantCatalog VARIANTS = VariantCatalog.open(Path.of("variants"));
  private static final Platform AMD = Platform.parse("linux/amd64");
  private static final Platform ARM = Platform.parse("linux/arm64");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String NAME = "registry.example/joe/base";
  private static final String BASE = "debian:13";

  @TempDir private Path folder;
  private final Variant variant = VARIANTS.get("debian-13");
  private final PublishedImages registries = new PublishedImages();
  private final Map<ImageReference, Answer> packages = new HashMap<>();
  private final List<ImageReference> asked = new ArrayList<>();
  private final RecordingLog log = new RecordingLog();
  private final Map<String, String> labels = new HashMap<>();
  private Fingerprints now = prints("v", "t", "r");
  private Function<Variant, Fingerprints> prints = any -> now;
  private DroppedBuilds dropped;

  @BeforeEach
  void publish() {
    dropped = new DroppedBuilds(new Workspace(folder, folder, folder));
    Digest base = registries.publish(BASE, AMD, Map.of("of", "base"));
    labels.put(ImageRecipe.VARIANT_LABEL, "debian-13");
    labels.put(ImageRecipe.CREATED_LABEL, "2026-11-12T12:00:00Z");
    labels.put(ImageRecipe.BASE_NAME_LABEL, variant.base().image().toString());
    labels.put(ImageRecipe.BASE_DIGEST_LABEL, base.toString());
    labels.put(ImageRecipe.BASE_ORIGIN_LABEL, "registry");
    labels.put(Fingerprints.LABELS + "variant", now.variant().toString());
    labels.put(Fingerprints.LABELS + "recipe", now.recipe().toString());
    labels.put(Fingerprints.LABELS + "runtime", now.runtime().toString());
    registries.publish(NAME + ":debian-13", AMD, labels);
  }

  @Test
  void ofWhenNothingHasChangedIsFresh() {
    assertThat(one().verdict()).isEqualTo(Verdict.FRESH);
  }

  @ParameterizedTest
  @CsvSource({
    "x,t,r,VARIANT",
    "x,x,r,VARIANT",
    "v,x,r,TEMPLATE",
    "v,t,x,RUNTIME",
  })
  void ofWhenAnInputHasChangedNamesIt(
      String settings, String recipe, String runtime, Reason.Changed reason) {
    now = prints(settings, recipe, runtime);
    assertThat(one().reasons()).containsExactly(reason);
  }

  @Test
  void ofWhenTheImageDoesNotSayOfWhatItWasMadeIsStale() {
    labels.remove(Fingerprints.LABELS + "recipe");
    republish();
    assertThat(one().reasons()).containsExactly(Reason.Changed.TOOLKIT);
  }

  @Test
  void ofWhenTheBaseHasMovedNamesBothDigests() {
    String before = labels.getOrDefault(ImageRecipe.BASE_DIGEST_LABEL, "");
    Digest after = registries.publish(BASE, AMD, Map.of("of", "another"));
    assertThat(one().reasons())
        .containsExactly(
            new Reason.NewBase(variant.base().image().toString(), before, after.toString()));
  }

  @Test
  void ofWhenOnlyTheBaseOfAnotherPlatformHasMovedIsFresh() {
    Digest index =
        registries.publish(BASE, Map.of(AMD, Map.of("of", "amd"), ARM, Map.of("of", "arm")));
    labels.put(ImageRecipe.BASE_DIGEST_LABEL, index.toString());
    republish();
    registries.publish(BASE, Map.of(AMD, Map.of("of", "amd"), ARM, Map.of("of", "new")));
    assertThat(one().verdict()).isEqualTo(Verdict.FRESH);
    registries.publish(BASE, Map.of(AMD, Map.of("of", "new"), ARM, Map.of("of", "new")));
    assertThat(one().verdict()).isEqualTo(Verdict.STALE);
  }

  @ParameterizedTest
  @CsvSource({"bootstrap", "engine"})
  void ofWhenTheBaseIsNotOfARegistryLooksNothingUp(String origin) {
    labels.put(ImageRecipe.BASE_ORIGIN_LABEL, origin);
    labels.put(ImageRecipe.BASE_DIGEST_LABEL, digest("gone").toString());
    republish();
    assertThat(one().verdict()).isEqualTo(Verdict.FRESH);
    assertThat(registries.lookedUp).noneMatch(name -> name.contains("debian:13"));
  }

  @Test
  void ofWhenTheVariantNamesAnotherBaseSaysSo() {
    labels.put(ImageRecipe.BASE_NAME_LABEL, "other.example/debian:13");
    republish();
    assertThat(one().reasons())
        .containsExactly(
            new Reason.OtherBase("other.example/debian:13", variant.base().image().toString()));
  }

  @Test
  void ofWhenTheBaseIsGoneIsUnknown() {
    registries.untag(BASE);
    assertThat(one().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(one().doubts()).singleElement().asString().contains("no such tag");
  }

  @Test
  void ofSeveralLooksEachBaseUpOnce() {
    registries.publish(NAME + "2:debian-13", AMD, labels);
    Map<String, String> lite = new HashMap<>(labels);
    lite.put(ImageRecipe.VARIANT_LABEL, "debian-13-lite");
    registries.publish(NAME + ":debian-13-lite", AMD, lite);
    List<Freshness> all =
        check(
            Optional.empty(),
            subject(NAME, variant),
            subject(NAME + "2", variant),
            subject(NAME, VARIANTS.get("debian-13-lite")));
    assertThat(all).extracting(Freshness::verdict).containsOnly(Verdict.FRESH);
    assertThat(registries.lookedUp.stream().filter(name -> name.endsWith("debian:13"))).hasSize(1);
  }

  @Test
  void ofWhenThereAreUpgradesPutsThoseOfSecurityFirst() {
    Upgrade plain = new Upgrade("adduser", "1", "2", Upgrade.Security.NO);
    Upgrade security = new Upgrade("tool", "1", "2", Upgrade.Security.YES);
    answer(new Answer.Known(List.of(plain, security)));
    assertThat(one().reasons())
        .containsExactly(new Reason.NewerPackage(security), new Reason.NewerPackage(plain));
  }

  @Test
  void ofWhenPackagesCouldNotBeLookedUpIsUnknownUnlessSomethingElseIsCertain() {
    answer(new Answer.Unknown("the mirror is down"));
    assertThat(one().verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(one().doubts()).containsExactly("packages: the mirror is down");
    now = prints("v", "t", "x");
    assertThat(one().verdict()).isEqualTo(Verdict.STALE);
  }

  @Test
  void ofWhenTheImageIsTooOldSaysSoUntilABuildHadTheSameContent() {
    assertThat(check(Optional.of(10), subject(NAME, variant)).get(0).verdict())
        .isEqualTo(Verdict.FRESH);
    Freshness old = check(Optional.of(9), subject(NAME, variant)).get(0);
    assertThat(old.reasons()).containsExactly(new Reason.TooOld(10, 9));

    // The lists of an archive that is closed have the old date in each build.
    dropped.add(old.published().orElseThrow().images().get(0).config(), labels, NOW);
    assertThat(check(Optional.of(9), subject(NAME, variant)).get(0).verdict())
        .isEqualTo(Verdict.FRESH);
  }

  @Test
  void ofWhenTheImageDoesNotSayWhenItWasBuiltIsUnknown() {
    labels.remove(ImageRecipe.CREATED_LABEL);
    republish();
    assertThat(one().verdict()).isEqualTo(Verdict.FRESH);
    assertThat(check(Optional.of(9), subject(NAME, variant)).get(0).verdict())
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void ofWhenADroppedBuildHadANewBaseIsFresh() {
    Digest after = registries.publish(BASE, AMD, Map.of("of", "another"));
    Freshness stale = one();
    assertThat(stale.verdict()).isEqualTo(Verdict.STALE);
    Map<String, String> built = new HashMap<>(labels);
    built.put(ImageRecipe.BASE_DIGEST_LABEL, after.toString());
    dropped.add(stale.published().orElseThrow().images().get(0).config(), built, NOW);
    assertThat(one().verdict()).isEqualTo(Verdict.FRESH);
  }

  @Test
  void ofWhenSomethingElseIsPublishedUnderTheNameIsUnknownAndItsPackagesAreLeftAlone() {
    labels.put(ImageRecipe.VARIANT_LABEL, "ubuntu-24.04");
    republish();
    Freshness other = one();
    assertThat(other.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(other.doubts()).singleElement().asString().contains("of the variant ubuntu-24.04");
    assertThat(asked).isEmpty();
  }

  @Test
  void ofWhenNothingIsPublishedIsAReason() {
    assertThat(check(Optional.empty(), subject(NAME + "2", variant)).get(0).reasons())
        .containsExactly(new Reason.Unpublished(ImageReference.parse(NAME + "2")));
  }

  @Test
  void ofWhenOneRepositoryFailsTellsOfTheOthers() {
    registries.failures.put(NAME + "2", new RegistryException(Kind.UNAVAILABLE, "down\nfor now"));
    registries.failures.put(NAME + "3", new RegistryException(Kind.DENIED, "no"));
    List<Freshness> all =
        check(
            Optional.empty(),
            subject(NAME, variant),
            subject(NAME + "2", variant),
            subject(NAME + "3", variant));
    assertThat(all.get(0).verdict()).isEqualTo(Verdict.FRESH);
    assertThat(all.get(1).doubts())
        .containsExactly("its repository could not be read: down for now");
    assertThat(all.get(2).reasons()).singleElement().isInstanceOf(Reason.Unpublished.class);
    assertThat(log.info).singleElement().asString().contains(NAME + "3");
  }

  @Test
  void ofWhenNoRepositoryCanBeReadFails() {
    registries.failures.put(NAME, new RegistryException(Kind.DENIED, "no"));
    assertThatThrownBy(this::one).hasMessage("no");
  }

  @Test
  void ofWhenSupportHasEndedSaysSinceWhen() {
    Variant ended = VARIANTS.get("ubuntu-16.04");
    labels.put(ImageRecipe.VARIANT_LABEL, ended.name());
    labels.put(ImageRecipe.BASE_ORIGIN_LABEL, "bootstrap");
    registries.publish(NAME + ":ubuntu-16.04", AMD, labels);
    Freshness freshness = check(Optional.empty(), subject(NAME, ended)).get(0);
    assertThat(freshness.verdict()).isEqualTo(Verdict.UNPATCHABLE);
    assertThat(freshness.ended()).isEqualTo(ended.endOfLife());

    packages.put(
        new ImageReference(
            NAME, null, freshness.published().orElseThrow().images().get(0).manifest()),
        new Answer.Unknown("the mirror is gone"));
    Freshness cut = check(Optional.empty(), subject(NAME, ended)).get(0);
    assertThat(cut.verdict()).isEqualTo(Verdict.UNPATCHABLE);
    assertThat(cut.doubts()).containsExactly("packages: the mirror is gone");

    registries.failures.put(NAME, new RegistryException(Kind.UNAVAILABLE, "no"));
    Freshness unread =
        check(Optional.empty(), subject(NAME, ended), subject(NAME + "2", variant)).get(0);
    assertThat(unread.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void ofWhenTheImageWasBuiltAsNoFileSaysComparesItWithThat() {
    Variant mirrored =
        VARIANTS.get(
            "debian-13", Overrides.NONE.withMirror(Optional.of("http://archive.example/debian")));
    prints = built -> built.equals(mirrored) ? now : prints("x", "t", "r");
    assertThat(one().reasons()).containsExactly(Reason.Changed.VARIANT);

    labels.put(ImageRecipe.MIRROR_LABEL, "http://archive.example/debian");
    republish();
    Subject subject =
        new Subject(
            variant,
            Naming.of(variant),
            ImageReference.parse(NAME),
            its -> its.containsKey(ImageRecipe.MIRROR_LABEL) ? mirrored : variant);

    assertThat(check(Optional.empty(), subject).get(0).verdict()).isEqualTo(Verdict.FRESH);
  }

  private void republish() {
    registries.publish(NAME + ":debian-13", AMD, labels);
  }

  private void answer(Answer answer) {
    String manifest = one().published().orElseThrow().images().get(0).manifest().toString();
    packages.put(new ImageReference(NAME, null, Digest.parse(manifest)), answer);
  }

  private static Subject subject(String repository, Variant variant) {
    return new Subject(variant, Naming.of(variant), ImageReference.parse(repository));
  }

  private Freshness one() {
    return check(Optional.empty(), subject(NAME, variant)).get(0);
  }

  private List<Freshness> check(Optional<Integer> maxAge, Subject... subjects) {
    PackageUpgrades upgrades =
        (images, engine, told) -> {
          Map<PackageUpgrades.Image, Answer> answers = new HashMap<>();
          for (PackageUpgrades.Image image : images) {
            asked.add(image.name());
            answers.put(image, packages.getOrDefault(image.name(), new Answer.Known(List.of())));
          }
          return answers;
        };
    return new FreshnessCheck(
            registries,
            folder.resolve("cache"),
            dropped,
            each -> prints.apply(each),
            upgrades,
            Clock.fixed(NOW, ZoneOffset.UTC),
            log)
        .of(
            List.of(subjects),
            maxAge,
            () -> {
              throw new AssertionError("no engine is needed");
            });
  }

  private static Fingerprints prints(String settings, String recipe, String runtime) {
    return new Fingerprints(digest(settings), digest(recipe), digest(runtime));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

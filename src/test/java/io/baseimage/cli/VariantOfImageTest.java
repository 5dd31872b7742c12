package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VariantOfImageTest {
  private static final String OWN_BASE = "debian:13";
  private static final Digest NOTHING = Digest.of(new byte[0]);

  private final VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
  private final TreeMap<String, String> labels =
      new TreeMap<>(
          Map.of(
              ImageRecipe.BASE_NAME_LABEL,
              OWN_BASE,
              ImageRecipe.BASE_DIGEST_LABEL,
              NOTHING.toString(),
              ImageRecipe.BASE_ORIGIN_LABEL,
              "engine",
              ImageRecipe.TIMEZONE_LABEL,
              "UTC"));
  private String language = "en_US.UTF-8";

  @Test
  void ofWhenNothingWasChangedIsTheVariant() {
    isBuiltOf(catalog.get("debian-13"));

    assertThat(found()).isEqualTo(catalog.get("debian-13"));
  }

  @Test
  void ofWhenLanguageAndTimeZoneWereChangedIsTheVariantWithBoth() {
    language = "zh_CN.UTF-8";
    labels.put(ImageRecipe.TIMEZONE_LABEL, "Asia/Shanghai");
    Variant built = changed(null, null, "zh_CN.UTF-8", "Asia/Shanghai");
    isBuiltOf(built);

    assertThat(found()).isEqualTo(built);
    assertThat(found().name()).isEqualTo("debian-13-zh_CN");
  }

  @Test
  void ofWhenTheTimeZoneAloneWasChangedIsTheVariantWithIt() {
    labels.put(ImageRecipe.TIMEZONE_LABEL, "Asia/Tokyo");
    Variant built = changed(null, null, null, "Asia/Tokyo");
    isBuiltOf(built);

    assertThat(found()).isEqualTo(built);
  }

  @Test
  void ofWhenTheBaseWasNamedIsTheVariantOnIt() {
    labels.put(ImageRecipe.BASE_NAME_LABEL, "archive.example/debian:mine");
    Variant built = changed("archive.example/debian:mine", null, null, null);
    isBuiltOf(built);

    assertThat(found()).isEqualTo(built);
  }

  @Test
  void ofWhenTheBaseThatItHasAnywayWasNamedIsTheVariantOnThatAlone() {
    Variant built = changed(OWN_BASE, null, null, null);
    isBuiltOf(built);

    assertThat(found().base().bootstrap()).isEmpty();
    assertThat(found()).isEqualTo(built);
  }

  @Test
  void ofWhenTheBaseStandsInForAnotherReleaseKnowsTheVariantByItsStandIn() {
    labels.put(ImageRecipe.STAND_IN_LABEL, "Debian 12");
    Variant built = changed(OWN_BASE, null, null, null);
    isBuiltOf(built.standIn("Debian 12"));

    assertThat(found()).isEqualTo(built);
  }

  @Test
  void ofWhenTheBaseWasBootstrappedTakesItsNameForNoImageThatWasNamed() {
    labels.put(ImageRecipe.BASE_NAME_LABEL, "localhost/baseimage-build/base:debian-13");
    labels.put(ImageRecipe.BASE_ORIGIN_LABEL, "bootstrap");

    assertThat(found()).isEqualTo(catalog.get("debian-13"));
  }

  @Test
  void ofWhenTheMirrorIsSaidIsTheVariantWithIt() {
    Variant built = changed(null, "http://archive.example/debian", null, null);
    isBuiltOf(built);

    assertThat(found("http://archive.example/debian")).isEqualTo(built);
    assertThat(found()).isEqualTo(catalog.get("debian-13"));
  }

  @Test
  void ofWhenTheImageNamesItsMirrorIsTheVariantWithIt() {
    labels.put(ImageRecipe.MIRROR_LABEL, "http://archive.example/debian");
    Variant built = changed(null, "http://archive.example/debian", null, null);
    isBuiltOf(built);

    assertThat(found()).isEqualTo(built);
    assertThat(found("http://other.example/debian").givenMirror())
        .contains("http://other.example/debian");
  }

  @Test
  void ofWhenTheImageNamesAMirrorThatNoRunCanLeavesItOut() {
    labels.put(ImageRecipe.MIRROR_LABEL, "http://joe:secret@archive.example/debian");

    assertThat(found()).isEqualTo(catalog.get("debian-13"));
  }

  @Test
  void ofWhenNoFingerprintIsKnownGoesByTheNameOfTheBase() {
    assertThat(found()).isEqualTo(catalog.get("debian-13"));

    labels.put(ImageRecipe.BASE_NAME_LABEL, "archive.example/debian:mine");
    assertThat(found()).isEqualTo(changed("archive.example/debian:mine", null, null, null));
  }

  @Test
  void ofWhenAnImageBuiltOnItSetsALanguageThatNoVariantHasLeavesItOut() {
    language = "C";

    assertThat(found()).isEqualTo(catalog.get("debian-13"));
  }

  @Test
  void ofWhenTheLabelsNameNoBaseIsAUsageError() {
    labels.clear();

    assertThatThrownBy(this::found)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no labels that say what its base was");
  }

  private Variant changed(
      @Nullable String base,
      @Nullable String mirror,
      @Nullable String locale,
      @Nullable String timezone) {
    return catalog.get(
        "debian-13",
        new Overrides(
            Optional.ofNullable(base),
            Optional.ofNullable(mirror),
            Optional.ofNullable(locale),
            Optional.ofNullable(timezone)));
  }

  private void isBuiltOf(Variant variant) {
    labels.put(Fingerprints.LABELS + "variant", fingerprints(variant).variant().toString());
    labels.put(Fingerprints.LABELS + "recipe", NOTHING.toString());
    labels.put(Fingerprints.LABELS + "runtime", NOTHING.toString());
  }

  private static Fingerprints fingerprints(Variant variant) {
    return new Fingerprints(
        Digest.of(variant.toString().getBytes(StandardCharsets.UTF_8)), NOTHING, NOTHING);
  }

  private Variant found() {
    return found(null);
  }

  private Variant found(@Nullable String mirror) {
    EngineImage image =
        new EngineImage(
            NOTHING,
            List.of(),
            List.of(),
            Platform.parse("linux/amd64"),
            0,
            Instant.EPOCH,
            labels,
            List.of());
    return new VariantOfImage(
            changes -> catalog.get("debian-13", changes), VariantOfImageTest::fingerprints)
        .of(
            image,
            new ImageConfiguration(new TreeMap<>(Map.of("ENV LANG", language))),
            Optional.ofNullable(mirror));
  }
}

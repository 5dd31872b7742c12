package io.baseimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import io.baseimage.version.ImageVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BuiltTest {
  private static final Platform PLATFORM = new Platform("linux", "amd64");

  private final Variant variant = VariantCatalog.open(Path.of("variants")).get("debian-12");

  @Test
  void ofWhenAnotherFilesNameBeginsWithTheVariantsLeavesItsImagesOut() {
    assertThat(names(image("debian-12-web", "debian-12-web", 3, "x:debian-12-web"))).isEmpty();
    assertThat(names(image("", "debian-12-web", 3, "x:debian-12-web"))).isEmpty();
  }

  @Test
  void ofWhenTheVariantWasChangedOrOnAStandInSaysSo() {
    EngineImage changed = image("debian-12", "debian-12-de_DE", 3, "x:debian-12-de_DE");
    EngineImage standIn =
        image(
            "debian-12",
            "debian-12-stand-in",
            3,
            "x:debian-12-stand-in-2026.11-004-amd64",
            "x:mine");
    assertThat(Built.of(variant, List.of(standIn, changed)))
        .containsExactly(
            new Built("x:debian-12-de_DE", "debian-12-de_DE", false, PLATFORM, Optional.empty()),
            new Built(
                "x:debian-12-stand-in-2026.11-004-amd64",
                "debian-12-stand-in",
                true,
                PLATFORM,
                Optional.of(ImageVersion.parse("2026.11-004"))));
  }

  @Test
  void ofWhenAnImageIsOfATimeWithoutTheLabelGoesByItsVariant() {
    assertThat(names(image("", "debian-12", 3, "localhost:5000/x:debian-12")))
        .containsExactly("localhost:5000/x:debian-12");
  }

  @Test
  void ofWhenAnImageWasBuiltOnOneOfOursLeavesItOut() {
    EngineImage ours = image("debian-12", "debian-12", 3, "x:debian-12");
    EngineImage again = image("debian-12", "debian-12", 3, "x:debian-12-2026.11-000");
    EngineImage child = image("debian-12", "debian-12", 4, "joe/app:debian-12");
    assertThat(names(child, ours, again)).containsExactly("x:debian-12", "x:debian-12-2026.11-000");
  }

  @Test
  void ofWhenTheFileNamesVersionsOtherwiseKnowsThoseToo() {
    Variant amazon = VariantCatalog.open(Path.of("variants")).get("amazonlinux-2017.03");
    EngineImage image =
        image(
            amazon.name(),
            amazon.name(),
            3,
            "x-amzn:2017.03-003",
            "x-amzn:2017.03-003-arm64",
            "x-amzn:2017.03",
            "x-amzn:latest-arm64",
            "x:amazonlinux-2017.03",
            "x:amazonlinux-2017.03-2026.11-000",
            "x:mine");
    EngineImage standIn =
        image(
            amazon.name(),
            amazon.name() + "-stand-in",
            3,
            "x-amzn:amazonlinux-2017.03-stand-in-2017.03-000",
            "x-amzn:2017.03-004",
            "x-amzn:latest");
    EngineImage odd = image(amazon.name(), "no name of ours", 3, "x:no");

    assertThat(Built.of(amazon, List.of(image, standIn, odd)))
        .extracting(
            built -> built.name() + built.version().map(version -> " " + version).orElse(""))
        .containsExactly(
            "x-amzn:2017.03",
            "x-amzn:2017.03-003 2017.03-003",
            "x-amzn:2017.03-003-arm64 2017.03-003",
            "x-amzn:amazonlinux-2017.03-stand-in-2017.03-000 2017.03-000",
            "x-amzn:latest-arm64",
            "x:amazonlinux-2017.03",
            "x:amazonlinux-2017.03-2026.11-000 2026.11-000");
  }

  private List<String> names(EngineImage... images) {
    return Built.of(variant, List.of(images)).stream().map(Built::name).toList();
  }

  /** An image as the labels of its recipe describe it. */
  private static EngineImage image(String recipe, String built, int layers, String... names) {
    Map<String, String> labels = new HashMap<>();
    labels.put(ImageRecipe.VARIANT_LABEL, built);
    labels.put(ImageRecipe.INPUTS_LABEL, "sha256:of-" + built);
    if (!recipe.isEmpty()) {
      labels.put(ImageRecipe.RECIPE_LABEL, recipe);
    }
    if (built.endsWith("-stand-in")) {
      labels.put(ImageRecipe.STAND_IN_LABEL, "Debian 13");
    }
    return new EngineImage(
        digest(String.join(" ", names)),
        List.of(names),
        List.of(),
        PLATFORM,
        1000,
        Instant.EPOCH,
        labels,
        IntStream.range(0, layers).mapToObj(each -> digest("layer " + each)).toList());
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

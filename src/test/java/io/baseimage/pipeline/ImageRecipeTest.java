package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ImageRecipeTest {
  @Test
  void renderWhenTheBaseSaysOfItselfWhatIsNotTrueOfTheImageEmptiesThat() throws IOException {
    String dockerfile =
        dockerfile(
            Map.of(
                "org.opencontainers.image.version", "24.04",
                "org.opencontainers.image.title", "of-the-base",
                "com.example.team", "of-the-base"));

    assertThat(dockerfile)
        .contains("\"org.opencontainers.image.version\"=\"\"")
        .contains("\"org.opencontainers.image.title\"=\"Debian 12\"")
        .doesNotContain("of-the-base", "com.example.team");
  }

  @Test
  void renderWhenARunChangesTheVariantNamesTheFileThatItIsOf() throws IOException {
    Overrides german =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.of("de_DE.UTF-8"), Optional.empty());
    Variant variant = VariantCatalog.open(Path.of("variants")).get("debian-12", german);

    assertThat(dockerfile(variant, Map.of(), Optional.of("Debian 13")))
        .contains("\"io.baseimage.variant\"=\"debian-12-de_DE-stand-in\"")
        .contains("\"io.baseimage.recipe\"=\"debian-12\"");
  }

  private static String dockerfile(Map<String, String> baseLabels) throws IOException {
    return dockerfile(
        VariantCatalog.open(Path.of("variants")).get("debian-12"), baseLabels, Optional.empty());
  }

  private static String dockerfile(
      Variant variant, Map<String, String> baseLabels, Optional<String> standIn)
      throws IOException {
    EngineImage image =
        new EngineImage(
            Digest.of(new byte[] {1}),
            List.of(),
            List.of(),
            FakeEngine.PLATFORM,
            1000,
            Instant.EPOCH,
            baseLabels,
            List.of());
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    new ImageRecipe(
            new DockerfileTemplate(Path.of("templates")),
            Path.of("init-scripts"),
            new SourceFacts(Optional.of("abc"), "https://example.org/x", Instant.EPOCH))
        .render(
            variant,
            new ResolvedBase(
                ImageReference.parse("debian:12"),
                ResolvedBase.Source.LOCAL,
                Optional.of(image),
                standIn),
            new TreeMap<>())
        .context()
        .writeTar(tar);
    return tar.toString(StandardCharsets.UTF_8);
  }
}

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void renderWhenARunNamesAMirrorSaysSoInALabelAndWhenAFileDoesNot() throws IOException {
    Overrides mirror =
        new Overrides(
            Optional.empty(),
            Optional.of("http://archive.example/debian"),
            Optional.empty(),
            Optional.empty());
    VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
    Variant given = catalog.get("debian-12", mirror);

    assertThat(dockerfile(given, Map.of(), Optional.of("Debian 13")))
        .contains("\"io.baseimage.mirror\"=\"http://archive.example/debian\"");
    assertThat(catalog.get(given.source(), mirror)).isEqualTo(given);
    Variant old = catalog.get("ubuntu-15.04");
    assertThat(old.base().mirror()).isPresent();
    assertThat(dockerfile(old, Map.of(), Optional.empty())).doesNotContain("io.baseimage.mirror");
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
    recipe(Path.of("templates"), Path.of("init-scripts"), 2)
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

  private static ImageRecipe recipe(Path templates, Path initScripts, int programs) {
    return new ImageRecipe(
        new DockerfileTemplate(templates),
        initScripts,
        new SourceFacts(Optional.of("abc"), "https://example.org/x", Instant.EPOCH),
        variant -> Digest.of(new byte[] {(byte) programs}));
  }

  @Test
  void fingerprintsWhenOnePartChangesTellWhichItIs(@TempDir Path folder) throws IOException {
    Path templates = copied(Path.of("templates"), folder.resolve("templates"));
    Path scripts = copied(Path.of("init-scripts"), folder.resolve("scripts"));
    VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
    Variant variant = catalog.get("debian-12");
    Fingerprints before = recipe(templates, scripts, 2).fingerprints(variant);

    Overrides zone =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("Asia/Shanghai"));
    Fingerprints otherZone =
        recipe(templates, scripts, 2).fingerprints(catalog.get("debian-12", zone));
    assertThat(otherZone.variant()).isNotEqualTo(before.variant());
    assertThat(otherZone.recipe()).isNotEqualTo(before.recipe());
    assertThat(otherZone.runtime()).isEqualTo(before.runtime());

    Fingerprints otherPrograms = recipe(templates, scripts, 3).fingerprints(variant);
    assertThat(otherPrograms.recipe()).isEqualTo(before.recipe());
    assertThat(otherPrograms.runtime()).isNotEqualTo(before.runtime());

    Files.writeString(scripts.resolve("core/new-file"), "new");
    Fingerprints otherScripts = recipe(templates, scripts, 2).fingerprints(variant);
    assertThat(otherScripts.recipe()).isEqualTo(before.recipe());
    assertThat(otherScripts.runtime()).isNotEqualTo(before.runtime());

    Path template = templates.resolve("Dockerfile.ftl");
    Files.writeString(template, Files.readString(template).replace("CMD", "ENV NEW=1\nCMD"));
    Fingerprints otherTemplate = recipe(templates, scripts, 2).fingerprints(variant);
    assertThat(otherTemplate.variant()).isEqualTo(before.variant());
    assertThat(otherTemplate.recipe()).isNotEqualTo(before.recipe());
    assertThat(otherTemplate.runtime()).isEqualTo(otherScripts.runtime());
  }

  @Test
  void renderWritesFingerprintsThatCanBeReadFromTheLabels() throws IOException {
    Variant variant = VariantCatalog.open(Path.of("variants")).get("debian-12");
    String dockerfile = dockerfile(variant, Map.of(), Optional.empty());
    Map<String, String> labels = new HashMap<>();
    Matcher label = Pattern.compile("\"(io\\.[^\"]*)\"=\"([^\"]*)\"").matcher(dockerfile);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    assertThat(Fingerprints.of(labels))
        .contains(recipe(Path.of("templates"), Path.of("init-scripts"), 2).fingerprints(variant));
    assertThat(labels).containsEntry("io.baseimage.base.origin", "engine");
    assertThat(Fingerprints.of(Map.of("io.baseimage.inputs", "sha256:1"))).isEmpty();
  }

  private static Path copied(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }
}

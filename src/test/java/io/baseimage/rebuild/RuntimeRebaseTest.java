package io.baseimage.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.SourceFacts;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.NotExchangeableException;
import io.baseimage.publish.RuntimeRepository;
import io.baseimage.rebuild.Rebase.Outcome;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeRebaseTest {
  private static final ImageReference REPOSITORY =
      ImageReference.parse("registry.example/joe/baseimage");
  private static final Platform AMD64 = new Platform("linux", "amd64");
  private static final Platform ARM64 = new Platform("linux", "arm64");
  private static final VariantCatalog CATALOG = VariantCatalog.open(Path.of("variants"));
  private static final Variant VARIANT = CATALOG.get("debian-12");

  @TempDir private Path folder;
  private RuntimeRepository repository;

  @BeforeEach
  void open() {
    repository = new RuntimeRepository(folder);
  }

  @Test
  void prepareWhenNothingHasChangedIsNotNeededAndAsksForNoPrograms() {
    publish(VARIANT, "sources 1", "program 1", AMD64, ARM64);

    assertThat(prepareWithoutCompiler("sources 1").rebase().outcome())
        .isEqualTo(Outcome.NOT_NEEDED);
  }

  @Test
  void prepareWhenProgramsAreOthersHasTheImageOfABuildForEachPlatform() {
    publish(VARIANT, "sources 1", "program 1", AMD64, ARM64);

    Prepared prepared = prepare("sources 2", "program 2");

    assertThat(prepared.rebase().outcome()).isEqualTo(Outcome.POSSIBLE);
    assertThat(prepared.rebase().variant()).isEqualTo("debian-12");
    assertThat(prepared.rebase().reasons())
        .containsExactly(new Reason.ChangedFiles(List.of("/usr/sbin/my_init")));
    publish(VARIANT, "sources 2", "program 2", AMD64, ARM64);
    assertThat(prepared.images().stream().map(EngineImage::platform)).containsExactly(AMD64, ARM64);
    assertThat(prepared.images().stream().map(EngineImage::id))
        .isEqualTo(
            prepare("sources 2", "program 2").rebase().before().orElseThrow().images().stream()
                .map(image -> image.config())
                .toList());
  }

  @Test
  void prepareWhenOtherSourcesGiveTheSameProgramsIsNotNeeded() {
    publish(VARIANT, "sources 1", "program 1", AMD64);

    Prepared prepared = prepare("sources 2", "program 1");

    assertThat(prepared.rebase().outcome()).isEqualTo(Outcome.NOT_NEEDED);
    assertThat(prepared.images()).isEmpty();
  }

  @Test
  void prepareWhenNothingIsPublishedIsRefused() {
    assertRefused(prepare("sources 2", "program 2"), "nothing is published yet");
  }

  @Test
  void prepareWhenTheImageIsOfAnotherVariantIsRefused() {
    publish(CATALOG.get("debian-13"), "sources 1", "program 1", AMD64);

    assertRefused(prepare("sources 2", "program 2"), "of the variant debian-13");
  }

  @Test
  void prepareWhenTheVariantHasChangedIsRefused() {
    Overrides zone =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("Asia/Shanghai"));
    Variant other = CATALOG.get("debian-12", zone);
    publishAs(relabelled(rendered(other, "sources 1", "program 1", AMD64), "debian-12"), AMD64);

    assertRefused(prepare("sources 2", "program 2"), "variant has changed");
  }

  @Test
  void prepareWhenTheTemplatesHaveChangedIsRefusedUntilABuildOfThemWasDropped() throws IOException {
    publish(VARIANT, "sources 1", "program 1", AMD64);
    Path templates = otherTemplates();

    Prepared refused = rebase(templates, "sources 2", "program 2");
    assertRefused(refused, "other templates");

    ImageRecipe.Rendered built =
        recipe(templates, "sources 1").render(VARIANT, base(AMD64), programs("program 1"));
    new DroppedBuilds(workspace())
        .add(
            refused.rebase().before().orElseThrow().images().get(0).config(),
            built.labels(),
            Instant.EPOCH);
    assertThat(rebase(templates, "sources 2", "program 2").rebase().outcome())
        .isEqualTo(Outcome.POSSIBLE);
  }

  @Test
  void prepareWhenTheImageDoesNotSayWhatItWasMadeOfIsRefused() {
    publishAs(
        without("io.baseimage.fingerprint.recipe", rendered(VARIANT, "1", "program 1", AMD64)),
        AMD64);
    assertRefused(prepare("sources 2", "program 2"), "older toolkit");

    publishAs(without("io.baseimage.variant", rendered(VARIANT, "1", "program 1", AMD64)), AMD64);
    assertRefused(prepare("sources 2", "program 2"), "no image of this toolkit");

    publishAs(
        without("org.opencontainers.image.base.digest", rendered(VARIANT, "1", "program 1", AMD64)),
        AMD64);
    assertRefused(prepare("sources 2", "program 2"), "what its base was");
  }

  @Test
  void prepareWhenTheProgramsCannotBeHadIsRefused() {
    publish(VARIANT, "sources 1", "program 1", AMD64);

    Prepared prepared = prepareWithoutCompiler("sources 2");

    assertRefused(prepared, "there is no compiler");
    assertThat(prepared.rebase().before()).isPresent();
  }

  @Test
  void prepareWhenTheRegistryFailsHasFailed() {
    Registries registries =
        ignored -> {
          throw new RegistryException(RegistryException.Kind.DENIED, "it answered: 403");
        };

    Rebase rebase =
        new RuntimeRebase(
                registries,
                repository.format(),
                workspace(),
                recipe(Path.of("templates"), "sources 2"),
                (variant, platform) -> programs("program 2"))
            .prepare(subject(), List.of("debian-12"))
            .rebase();

    assertThat(rebase.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(rebase.failure()).contains("it answered: 403");
  }

  private static void assertRefused(Prepared prepared, String why) {
    assertThat(prepared.rebase().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(prepared.rebase().failure().orElseThrow())
        .contains(why)
        .endsWith("; 'rebuild' makes it anew");
    assertThat(prepared.images()).isEmpty();
  }

  @Test
  void prepareWhenTheImageNamesItsMirrorKeepsIt() {
    Optional<String> mirror = Optional.of("http://archive.example/debian");
    Variant mirrored = CATALOG.get("debian-12", Overrides.NONE.withMirror(mirror));
    publish(mirrored, "sources 1", "program 1", AMD64);
    assertThat(prepare("sources 2", "program 2").rebase().outcome()).isEqualTo(Outcome.REFUSED);

    Prepared prepared =
        new RuntimeRebase(
                ignored -> repository.registry(),
                repository.format(),
                workspace(),
                recipe(Path.of("templates"), "sources 2"),
                (variant, platform) -> programs("program 2"))
            .prepare(
                new FreshnessCheck.Subject(
                    VARIANT, Naming.of(VARIANT), REPOSITORY, labels -> mirrored),
                repository.tags());

    assertThat(prepared.rebase().outcome()).isEqualTo(Outcome.POSSIBLE);
    assertThat(prepared.images().get(0).labels())
        .containsEntry("io.baseimage.mirror", "http://archive.example/debian");
  }

  private Prepared prepare(String sources, String program) {
    return rebase(Path.of("templates"), sources, program);
  }

  private Prepared prepareWithoutCompiler(String sources) {
    return new RuntimeRebase(
            ignored -> repository.registry(),
            repository.format(),
            workspace(),
            recipe(Path.of("templates"), sources),
            (variant, platform) -> {
              throw new NotExchangeableException("there is no compiler");
            })
        .prepare(subject(), repository.tags());
  }

  private Prepared rebase(Path templates, String sources, String program) {
    return new RuntimeRebase(
            ignored -> repository.registry(),
            repository.format(),
            workspace(),
            recipe(templates, sources),
            (variant, platform) -> programs(program))
        .prepare(subject(), repository.tags());
  }

  private static FreshnessCheck.Subject subject() {
    return new FreshnessCheck.Subject(VARIANT, Naming.of(VARIANT), REPOSITORY);
  }

  private void publish(Variant variant, String sources, String program, Platform... platforms) {
    Map<Platform, ImageRecipe.Rendered> builds = new LinkedHashMap<>();
    for (Platform platform : platforms) {
      builds.put(platform, rendered(variant, sources, program, platform));
    }
    repository.publish("debian-12", builds);
  }

  private void publishAs(ImageRecipe.Rendered build, Platform platform) {
    repository.publish("debian-12", Map.of(platform, build));
  }

  private static ImageRecipe.Rendered rendered(
      Variant variant, String sources, String program, Platform platform) {
    return recipe(Path.of("templates"), sources).render(variant, base(platform), programs(program));
  }

  private static ImageRecipe.Rendered without(String label, ImageRecipe.Rendered build) {
    Map<String, String> labels = new TreeMap<>(build.labels());
    labels.remove(label);
    return new ImageRecipe.Rendered(build.context(), build.inputs(), labels);
  }

  private static ImageRecipe.Rendered relabelled(ImageRecipe.Rendered build, String variant) {
    Map<String, String> labels = new TreeMap<>(build.labels());
    labels.put(ImageRecipe.VARIANT_LABEL, variant);
    return new ImageRecipe.Rendered(build.context(), build.inputs(), labels);
  }

  private static ImageRecipe recipe(Path templates, String sources) {
    return new ImageRecipe(
        new DockerfileTemplate(templates),
        Path.of("init-scripts"),
        new SourceFacts(Optional.of("abc"), "https://example.org/x", Instant.EPOCH),
        variant -> Digest.of(sources.getBytes(UTF_8)));
  }

  private static SortedMap<String, byte[]> programs(String program) {
    return new TreeMap<>(Map.of("usr/sbin/my_init", program.getBytes(UTF_8)));
  }

  private static ResolvedBase base(Platform platform) {
    Digest digest = Digest.of(platform.toString().getBytes(UTF_8));
    return new ResolvedBase(
        ImageReference.parse("debian:12"),
        ResolvedBase.Source.REGISTRY,
        Optional.of(
            new EngineImage(
                digest,
                List.of(),
                List.of("debian@" + digest),
                platform,
                0,
                Instant.EPOCH,
                Map.of(),
                List.of())));
  }

  /** The project's, with a step more in each Dockerfile. */
  private Path otherTemplates() throws IOException {
    Path copies = folder.resolve("templates");
    try (Stream<Path> files = Files.walk(Path.of("templates"))) {
      for (Path file : files.toList()) {
        Path copy = copies.resolve(Path.of("templates").relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    Path dockerfile = copies.resolve("Dockerfile.ftl");
    Files.writeString(dockerfile, Files.readString(dockerfile) + "RUN true\n");
    return copies;
  }

  private Workspace workspace() {
    return new Workspace(folder.resolve("cache"), folder.resolve("state"), folder);
  }
}

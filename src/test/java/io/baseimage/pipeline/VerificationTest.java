package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.ResolvedBase.Source;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VerificationTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final String PROGRAM = "/out/my_init";
  private static final ImageReference NAME = ImageReference.parse("joe/baseimage:1");

  @TempDir private Path folder;
  private final FakeEngine engine = new FakeEngine();
  private final RecordingLog log = new RecordingLog();
  private final VariantCatalog catalog = VariantCatalog.open(Path.of("variants"));
  private final Variant variant = catalog.get("debian-12");
  private final ImageRecipe recipe =
      new ImageRecipe(
          new DockerfileTemplate(Path.of("templates")),
          Path.of("init-scripts"),
          new SourceFacts(Optional.of("abc"), "https://example.org/x", NOW),
          built -> Digest.of(new byte[0]));

  @BeforeEach
  void engineHasTheBase() {
    engine.has("debian:12");
    engine.takesLabels = true;
    engine.files = Map.of(PROGRAM, new byte[] {1});
  }

  @Test
  void ofWhenTheBuildGivesTheSameImageFindsNoDifference() throws IOException {
    EngineImage image = built();

    Verification.Outcome outcome = verified(image, variant);

    assertThat(outcome)
        .isEqualTo(new Verification.Outcome(image.id(), Optional.empty(), false, false));
    assertThat(engine.builds.get(engine.builds.size() - 1).cacheFrom()).contains(Set.of());
    assertThat(engine.tags("localhost/baseimage-build/verification")).isEmpty();
  }

  @Test
  void ofWhenTheBuildGivesAnotherTellsWhereItBegins() throws IOException {
    EngineImage image = built();
    engine.buildLabels.put("com.example.team", "others");

    Verification.Outcome outcome = verified(image, variant);

    assertThat(outcome.rebuilt()).isNotEqualTo(image.id());
    assertThat(outcome.difference())
        .contains("the configuration, config.Labels.com.example.team: only in the second");
    assertThat(outcome.inputsDiffer()).isFalse();
    assertThat(outcome.variantDiffers()).isFalse();
    assertThat(engine.tags("localhost/baseimage-build/verification")).isEmpty();
  }

  @Test
  void ofWhenTheRuntimeIsAnotherSaysThatTheInputsAreAndTheVariantIsNot() throws IOException {
    EngineImage image = built();
    engine.files = Map.of(PROGRAM, new byte[] {2});

    Verification.Outcome outcome = verified(image, variant);

    assertThat(outcome.difference().orElseThrow())
        .contains("config.Labels.io.baseimage.inputs: \"sha256:");
    assertThat(outcome.inputsDiffer()).isTrue();
    assertThat(outcome.variantDiffers()).isFalse();
  }

  @Test
  void ofWhenTheFilesAreOfAnotherCommitPlaceAndDayFindsNoDifference() throws IOException {
    EngineImage image = built();
    SourceFacts elsewhere =
        new SourceFacts(Optional.empty(), "https://example.org/other", Instant.EPOCH);

    assertThat(verified(image, variant, recipe.from(elsewhere)))
        .isEqualTo(new Verification.Outcome(image.id(), Optional.empty(), false, false));
  }

  @Test
  void ofWhenTheImageWasBuiltOutsideVersionControlFindsNoDifference() throws IOException {
    ImageRecipe outside = recipe.from(new SourceFacts(Optional.empty(), "https://x.example", NOW));
    EngineImage image = built(outside, List.of());

    assertThat(image.labels().get("org.opencontainers.image.revision"))
        .isEqualTo(image.labels().get("io.baseimage.inputs"));
    assertThat(verified(image, variant).difference()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_700_000_000, 4_000_000_000L})
  void ofWhenTheImageWasBuiltForADayBuildsForThatDay(long epoch) throws IOException {
    EngineImage image = built(recipe, List.of(Instant.ofEpochSecond(epoch)));
    assertThat(image.created()).isEqualTo(Instant.ofEpochSecond(epoch));

    assertThat(verified(image, variant).difference()).isEmpty();
  }

  @Test
  void ofWhenMoreThanDigestsDiffersNamesThat() throws IOException {
    EngineImage image = built();
    engine.files = Map.of(PROGRAM, new byte[] {2});
    engine.buildLabels.put("zone", "others");

    assertThat(verified(image, variant).difference())
        .contains("the configuration, config.Labels.zone: only in the second");
  }

  @Test
  void ofWhenTheVariantIsAnotherSaysSo() throws IOException {
    Overrides mirror =
        new Overrides(
            Optional.empty(),
            Optional.of("http://archive.example/debian"),
            Optional.empty(),
            Optional.empty());

    Verification.Outcome outcome = verified(built(), catalog.get("debian-12", mirror));

    assertThat(outcome.inputsDiffer()).isTrue();
    assertThat(outcome.variantDiffers()).isTrue();
  }

  @Test
  void ofWhenTheBaseIsARegistrysPullsItByItsDigest() throws IOException {
    Digest digest = Digest.of(new byte[] {7});
    EngineImage image =
        relabelled(
            Map.of(
                ImageRecipe.BASE_ORIGIN_LABEL,
                "registry",
                ImageRecipe.BASE_DIGEST_LABEL,
                digest.toString()));

    verified(image, variant);

    assertThat(engine.calls).contains("pull debian@" + digest);
  }

  @Test
  void ofWhenTheBaseIsGoneSaysHowToBringIt() throws IOException {
    Digest digest = Digest.of(new byte[] {7});
    EngineImage image = relabelled(Map.of(ImageRecipe.BASE_DIGEST_LABEL, digest.toString()));

    assertThatThrownBy(() -> verified(image, variant))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("the engine has no image " + digest)
        .hasMessageContaining("docker load");
  }

  private EngineImage built() throws IOException {
    return built(recipe, List.of());
  }

  private EngineImage built(ImageRecipe from, List<Instant> epochs) throws IOException {
    ResolvedBase base =
        new ResolvedBase(ImageReference.parse("debian:12"), Source.LOCAL, engine.find("debian:12"));
    Workspace workspace = workspace("first");
    ImageRecipe.Rendered rendered =
        from.render(
            variant,
            base,
            programs(workspace)
                .get(
                    variant,
                    engine,
                    FakeEngine.PLATFORM,
                    new ToolchainBases(() -> List.of(variant), (needed, platform) -> base)));
    return new ReproducibleBuild(engine, workspace, log)
        .run(variant.name(), FakeEngine.PLATFORM, Optional.empty(), epochs, base, rendered, NAME)
        .image();
  }

  private EngineImage relabelled(Map<String, String> changes) throws IOException {
    EngineImage image = built();
    Map<String, String> labels = new TreeMap<>(image.labels());
    labels.putAll(changes);
    EngineImage changed =
        new EngineImage(
            image.id(),
            image.tags(),
            image.repositoryDigests(),
            image.platform(),
            image.sizeBytes(),
            image.created(),
            labels,
            image.layers());
    engine.names.put(NAME.toString(), changed);
    return changed;
  }

  /** On another machine, so to say: nothing is left of the first build but what the engine has. */
  private Verification.Outcome verified(EngineImage image, Variant made) throws IOException {
    return verified(image, made, recipe);
  }

  private Verification.Outcome verified(EngineImage image, Variant made, ImageRecipe here)
      throws IOException {
    Workspace workspace = workspace("second");
    engine.names.keySet().removeIf(name -> name.contains("/steps:"));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    BaseResolver bases =
        new BaseResolver(
            engine,
            (wanted, platform, directory, runLog) -> {
              throw new BootstrapException("not here");
            },
            workspace,
            clock,
            log);
    return new Verification(engine, bases, programs(workspace), here, workspace, clock, log)
        .of(image, made, () -> List.of(made));
  }

  private ImagePrograms programs(Workspace workspace) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("c"));
    Files.writeString(sources.resolve("toolchain.Dockerfile"), "ARG BASE\nFROM ${BASE}\n");
    return new ImagePrograms(
        new RuntimePrograms(sources, sources, "usr/sbin/", workspace, log),
        () -> new RuntimePrograms(sources, sources, "", workspace, log));
  }

  private Workspace workspace(String name) throws IOException {
    return new Workspace(
        folder.resolve(name + "/cache"),
        folder.resolve(name + "/state"),
        Files.createDirectories(folder.resolve(name + "/tmp")));
  }
}

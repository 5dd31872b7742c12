package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import io.baseimage.version.TagRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildPipelineTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir private Path folder;
  private final FakeEngine engine = new FakeEngine();
  private final RecordingLog log = new RecordingLog();
  private Variant variant = VariantCatalog.open(Path.of("variants")).get("debian-12");
  private final List<CheckReport> reports = new ArrayList<>();
  private final List<String> based = new ArrayList<>();
  private Naming naming = Naming.of(variant);
  private int cached;
  private Outcome checkOutcome = Outcome.HOLDS;
  private Optional<Instant> epoch = Optional.empty();
  private Instant now = NOW;
  private String brokenLine = "BOOT-1";
  private int outdated;

  @BeforeEach
  void engineHasTheBase() {
    engine.has("debian:12");
    engine.files = Map.of("/out/my_init", new byte[] {1});
  }

  @Test
  void runWhenAllIsWellNamesTheImageAndDropsItsWorkingName() throws IOException {
    BuildOutcome outcome = run(true, false);
    assertThat(outcome.version()).isEqualTo("2026.11-000");
    assertThat(engine.tags("joe/baseimage")).containsExactly("debian-12-2026.11-000", "debian-12");
    assertThat(engine.tags("localhost/baseimage-build/unnamed")).isEmpty();
    assertThat(outcome.addedBytes()).isEqualTo(2000);
    assertThat(outcome.phases().keySet())
        .containsExactly(Phase.BASE, Phase.RUNTIME, Phase.BUILD, Phase.CHECK, Phase.NAME);
  }

  @Test
  void runWhenAVersionExistsTakesTheNextNumber() throws IOException {
    engine.has("joe/baseimage:debian-12-2026.11-004");
    engine.has("joe/baseimage:debian-12-2026.10-009");
    assertThat(run(true, false).version()).isEqualTo("2026.11-005");
  }

  @Test
  void runWhenACheckFailsLeavesNoNameAndReportsIt() {
    checkOutcome = Outcome.BROKEN;
    assertThatThrownBy(() -> run(true, false))
        .isInstanceOf(ChecksFailedException.class)
        .hasMessageContaining("BOOT-1");
    assertThat(engine.names.keySet()).noneMatch(name -> name.startsWith("joe/baseimage"));
    assertThat(engine.tags("localhost/baseimage-build/unnamed")).isEmpty();
    assertThat(reports).hasSize(1);
  }

  @Test
  void runWhenTheCacheHasOlderPackagesBuildsThemAnewOnce() throws IOException {
    brokenLine = "PKG-3";
    outdated = 1;
    run(true, false);
    assertThat(engine.builds)
        .extracting(BuildRequest::cacheFrom)
        .endsWith(Optional.empty(), Optional.of(Set.of()));
    assertThat(engine.tags("joe/baseimage")).contains("debian-12");

    reports.clear();
    outdated = 2;
    assertThatThrownBy(() -> run(true, false)).isInstanceOf(ChecksFailedException.class);
    reports.clear();
    assertThatThrownBy(() -> run(true, true)).isInstanceOf(ChecksFailedException.class);
    assertThat(reports).hasSize(1);
  }

  @Test
  void runWhenNoCheckAppliesProvesNothingAndNamesNothing() {
    checkOutcome = Outcome.NOT_APPLICABLE;
    assertThatThrownBy(() -> run(true, false))
        .isInstanceOf(ChecksFailedException.class)
        .hasMessageContaining("nothing is proven");
  }

  @Test
  void runWhenTestsAreSkippedSaysSo() throws IOException {
    checkOutcome = Outcome.BROKEN;
    BuildOutcome outcome = run(false, false);
    assertThat(outcome.checks()).isEmpty();
    assertThat(log.warnings).anyMatch(line -> line.contains("--no-test"));
    assertThat(engine.tags("joe/baseimage")).isNotEmpty();
  }

  @Test
  void runWhenTheBuildFailsLeavesNoName() {
    engine.buildFailure =
        Optional.of(new EngineException(EngineException.Kind.BUILD, "step 3 failed"));
    assertThatThrownBy(() -> run(true, false)).isInstanceOf(EngineException.class);
    assertThat(engine.names.keySet()).containsExactly("debian:12");
  }

  @Test
  void runWhenAMirrorFailsAStepSaysWhoseItIs() {
    fromMirror("http://mirror.invalid/debian/");
    fails("  Err:1 http://mirror.invalid/debian-security bookworm InRelease\n  E: Failed");
    assertThatThrownBy(() -> run(true, false))
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith(
            "  E: Failed\n"
                + "The mirror http://mirror.invalid/debian/ does not serve what is needed: look"
                + " whether it has bookworm, or name another by --mirror.");
  }

  @Test
  void runWhenAStepFailsThatTookWhatItNeedsFromTheMirrorDoesNotBlameIt() {
    fromMirror("http://mirror.invalid/debian");
    fails("  Get:1 http://mirror.invalid/debian bookworm InRelease\n  oops");
    assertThatThrownBy(() -> run(true, false)).hasMessageEndingWith("  oops");
  }

  private void fromMirror(String address) {
    variant =
        VariantCatalog.open(Path.of("variants"))
            .get(
                "debian-12",
                new Overrides(
                    Optional.of("debian:12"),
                    Optional.of(address),
                    Optional.empty(),
                    Optional.empty()));
  }

  private void fails(String output) {
    engine.buildFailure =
        Optional.of(
            new EngineException(
                EngineException.Kind.BUILD, "step 3 failed\nThe end of its output:\n" + output));
  }

  @Test
  void runWhenTheBaseIsKnownSaysWhatIsBuiltOnIt() throws IOException {
    engine.files =
        Map.of(
            "/out/my_init",
            new byte[] {1},
            "/etc/os-release",
            "ID=debian\nVERSION_ID=13\n".getBytes(StandardCharsets.UTF_8));
    engine.has("debian:trixie");
    variant =
        VariantCatalog.open(Path.of("variants"))
            .get(
                "debian-12",
                new Overrides(
                    Optional.of("debian:trixie"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
    run(true, false);
    assertThat(based).containsExactly("debian-12-stand-in");
  }

  @Test
  void runWhenInputsAreUnchangedGivesTheSameImageTheNextNumber() throws IOException {
    BuildOutcome first = run(true, false);
    now = NOW.plus(Duration.ofDays(1));
    BuildOutcome second = run(true, false);
    assertThat(second.version()).isEqualTo("2026.11-001");
    assertThat(second.image().id()).isEqualTo(first.image().id());
  }

  @Test
  void runWhenTheCacheIsNotUsedGivesTheSameImageOnAnotherDay() throws IOException {
    BuildOutcome first = run(true, false);
    now = NOW.plus(Duration.ofDays(1));
    BuildOutcome second = run(true, true);
    assertThat(second.image().id()).isEqualTo(first.image().id());
  }

  @Test
  void runWhenAnEpochIsGivenMakesAnImageOfThatTime() throws IOException {
    run(true, false);
    epoch = Optional.of(Instant.parse("2026-11-01T00:00:00Z"));
    BuildOutcome second = run(true, false);
    assertThat(second.image().labels())
        .containsEntry(ImageRecipe.CREATED_LABEL, "2026-11-01T00:00:00Z");
    assertThat(second.image().created()).isEqualTo(epoch.get());
  }

  @Test
  void runWhenItEndsLeavesNoTemporaryFolder() throws IOException {
    run(true, false);
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void runWhenTwoPlatformsAreAskedForNamesBothTogether() throws IOException {
    engine.has("joe/baseimage:debian-12-2026.11-004-arm64");
    List<BuildOutcome> outcomes =
        run(true, false, List.of(FakeEngine.PLATFORM, Platform.parse("linux/arm64")));
    assertThat(outcomes).extracting(BuildOutcome::version).containsOnly("2026.11-005");
    assertThat(outcomes)
        .extracting(outcome -> outcome.image().platform().architecture())
        .containsExactly("amd64", "arm64");
    assertThat(engine.tags("joe/baseimage"))
        .containsExactlyInAnyOrder(
            "debian-12-2026.11-004-arm64",
            "debian-12-2026.11-005",
            "debian-12-2026.11-005-amd64",
            "debian-12-2026.11-005-arm64",
            "debian-12",
            "debian-12-amd64",
            "debian-12-arm64");
    assertThat(engine.find("joe/baseimage:debian-12").orElseThrow().platform())
        .isEqualTo(FakeEngine.PLATFORM);
    assertThat(engine.tags("localhost/baseimage-build/unnamed")).isEmpty();
    assertThat(cached).isEqualTo(1);
  }

  @Test
  void runWhenTheVariantSaysHowItsVersionsAreNamedNamesThemSo() throws IOException {
    naming =
        new Naming(
            new TagRule("debian-12", "{version}", Optional.of("2017.03")),
            "-amzn",
            List.of("2017.03", "latest"));
    engine.has("joe/baseimage-amzn:2017.03-003");
    engine.has("joe/baseimage:2017.03-007");

    BuildOutcome outcome = run(true, false);

    assertThat(outcome.version()).isEqualTo("2017.03-004");
    assertThat(outcome.names())
        .hasToString(
            "[joe/baseimage-amzn:2017.03-004, joe/baseimage-amzn:2017.03,"
                + " joe/baseimage-amzn:latest, joe/baseimage:debian-12]");
    assertThat(engine.tags("joe/baseimage-amzn"))
        .containsExactlyInAnyOrder("2017.03-003", "2017.03-004", "2017.03", "latest");
    assertThat(engine.tags("joe/baseimage")).containsExactlyInAnyOrder("2017.03-007", "debian-12");
  }

  @Test
  void runWhenTheSecondPlatformHasNoBaseNamesNeither() {
    engine.pullFailures.put(
        "debian:12", new EngineException(EngineException.Kind.NOT_FOUND, "no such image"));
    assertThatThrownBy(
            () -> run(true, false, List.of(FakeEngine.PLATFORM, Platform.parse("linux/arm64"))))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("linux/arm64");
    assertThat(engine.tags("joe/baseimage")).isEmpty();
    assertThat(engine.tags("localhost/baseimage-build/unnamed")).isEmpty();
  }

  private BuildOutcome run(boolean test, boolean noCache) throws IOException {
    return run(test, noCache, List.of()).get(0);
  }

  private List<BuildOutcome> run(boolean test, boolean noCache, List<Platform> platforms)
      throws IOException {
    Path templates = Files.createDirectories(folder.resolve("templates"));
    Files.writeString(templates.resolve("Dockerfile.ftl"), "FROM ${df(base)}\n");
    Path scripts = folder.resolve("init-scripts");
    for (String feature : List.of("core", "syslog", "syslog-ng", "cron", "logrotate", "no-sshd")) {
      Files.createDirectories(scripts.resolve(feature));
    }
    Path sources = Files.createDirectories(folder.resolve("c"));
    Files.writeString(sources.resolve("toolchain.Dockerfile"), "ARG BASE\nFROM ${BASE}\n");
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    Workspace workspace =
        new Workspace(
            folder.resolve("cache"),
            folder.resolve("state"),
            Files.createDirectories(folder.resolve("tmp")));
    BaseResolver bases =
        new BaseResolver(
            engine,
            (recipe, platform, directory, runLog) -> {
              throw new BootstrapException("not here");
            },
            workspace,
            clock,
            log);
    ImageRecipe recipe =
        new ImageRecipe(
            new DockerfileTemplate(templates),
            scripts,
            new SourceFacts(Optional.of("abc"), "https://example.org/x", NOW),
            built -> Digest.of(new byte[0]));
    ContractChecker checker =
        (request, runLog) ->
            new CheckReport(
                request.image(),
                List.of(
                    new CheckResult(
                        "bootsAsPid1",
                        List.of(brokenLine),
                        "my_init is PID 1",
                        reports.size() < outdated ? Outcome.BROKEN : checkOutcome,
                        Optional.of("seen otherwise"),
                        Duration.ZERO)),
                Duration.ZERO);
    return new BuildPipeline(
            engine,
            bases,
            new ImagePrograms(
                new RuntimePrograms(sources, sources, "usr/sbin/", workspace, log),
                () -> new RuntimePrograms(sources, sources, "", workspace, log)),
            recipe,
            new NoInventory(),
            checker,
            workspace,
            clock,
            log)
        .run(
            new BuildOptions(
                variant,
                ImageReference.parse("joe/baseimage"),
                built -> naming,
                platforms,
                BasePolicy.AUTO,
                false,
                noCache ? Optional.of(Set.of()) : Optional.empty(),
                test,
                epoch,
                1),
            () -> List.of(variant),
            new BuildPipeline.Milestones() {
              @Override
              public void based(Variant built) {
                based.add(built.name());
              }

              @Override
              public void stepsCached(Set<Digest> images) {
                cached++;
              }

              @Override
              public void checked(Variant built, Platform platform, CheckReport report) {
                reports.add(report);
              }
            });
  }

  private static final class NoInventory implements PackageInventory {
    @Override
    public List<InstalledPackage> packages(Engine engine, EngineImage image) {
      return List.of();
    }

    @Override
    public Inventory inventory(Engine engine, EngineImage image) {
      return Inventory.EMPTY;
    }
  }
}

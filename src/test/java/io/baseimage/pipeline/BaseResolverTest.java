package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.pipeline.ResolvedBase.Source;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BaseResolverTest {
  private static final String BOOTSTRAPPED =
      "localhost/baseimage-build/base:debian-12-amd64-recipe-";

  @TempDir private Path folder;
  private final FakeEngine engine = new FakeEngine();
  private final RecordingLog log = new RecordingLog();
  private final List<String> bootstraps = new ArrayList<>();
  private final Variant variant = VariantCatalog.open(Path.of("variants")).get("debian-12");

  @BeforeEach
  void registryDoesNotAnswer() {
    engine.pullFailures.put(
        "debian:12",
        new EngineException(
            EngineException.Kind.REGISTRY, "lookup registry.example: no such host"));
  }

  @Test
  void resolveWhenTheEngineHasItAsksNobody() {
    engine.has("debian:12");
    ResolvedBase base = resolve(BasePolicy.AUTO, false);
    assertThat(base.source()).isEqualTo(Source.LOCAL);
    assertThat(base.reference()).hasToString("debian:12");
    assertThat(engine.calls).isEmpty();
    assertThat(bootstraps).isEmpty();
  }

  @Test
  void resolveWhenOnlyTheRegistryHasItPullsIt() {
    engine.pullFailures.clear();
    assertThat(resolve(BasePolicy.AUTO, false).source()).isEqualTo(Source.REGISTRY);
    assertThat(bootstraps).isEmpty();
  }

  @Test
  void resolveWhenNobodyHasItBootstrapsItOnce() {
    ResolvedBase first = resolve(BasePolicy.AUTO, false);
    ResolvedBase second = resolve(BasePolicy.AUTO, false);
    assertThat(first.source()).isEqualTo(Source.BOOTSTRAP);
    assertThat(first.reference().toString()).startsWith(BOOTSTRAPPED);
    assertThat(second.reference()).isEqualTo(first.reference());
    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(bootstraps).containsExactly("bookworm");
  }

  @Test
  void resolveWhenTheBootstrapRecipeChangedBootstrapsAnew() {
    engine.has(BOOTSTRAPPED + "0123456789ab");
    assertThat(resolve(BasePolicy.AUTO, false).source()).isEqualTo(Source.BOOTSTRAP);
    assertThat(bootstraps).containsExactly("bookworm");
  }

  @Test
  void resolveWhenPullIsAskedTriesTheRegistryFirstAndKeepsTheEnginesCopyWithAWarning() {
    engine.has("debian:12");
    ResolvedBase base = resolve(BasePolicy.AUTO, true);
    assertThat(base.source()).isEqualTo(Source.LOCAL);
    assertThat(engine.calls).containsExactly("pull debian:12");
    assertThat(log.warnings)
        .singleElement()
        .asString()
        .contains("could not be renewed")
        .contains("no such host");
  }

  @Test
  void resolveWhenLocalIsDemandedNeverFetches() {
    assertThatThrownBy(() -> resolve(BasePolicy.LOCAL, false))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("unix:///fake.sock has no debian:12")
        .hasMessageContaining("docker load");
    assertThat(engine.calls).isEmpty();
    assertThat(bootstraps).isEmpty();
  }

  @Test
  void resolveWhenRegistryIsDemandedDoesNotTakeTheEnginesCopy() {
    engine.has("debian:12");
    assertThatThrownBy(() -> resolve(BasePolicy.REGISTRY, false))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("no such host");
  }

  @Test
  void resolveWhenBootstrapIsDemandedDoesNotTakeTheOfficialCopy() {
    engine.has("debian:12");
    assertThat(resolve(BasePolicy.BOOTSTRAP, false).reference().toString())
        .startsWith(BOOTSTRAPPED);
  }

  @Test
  void resolveWhenPullIsAskedOfABootstrapMakesItAnew() {
    resolve(BasePolicy.BOOTSTRAP, false);
    resolve(BasePolicy.BOOTSTRAP, true);
    assertThat(bootstraps).hasSize(2);
  }

  @Test
  void resolveWhenNothingWorksNamesEveryAttempt() {
    Bootstrapper failing =
        (recipe, platform, directory, runLog) -> {
          throw new BootstrapException("archive.example: connection refused");
        };
    assertThatThrownBy(
            () ->
                new BaseResolver(engine, failing, workspace(), Clock.systemUTC(), log)
                    .resolve(variant, FakeEngine.PLATFORM, BasePolicy.AUTO, false))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("unix:///fake.sock has no debian:12")
        .hasMessageContaining("registry.example: no such host")
        .hasMessageContaining("archive.example: connection refused");
  }

  @Test
  void resolveWhenTheEngineDiesDoesNotTryFurther() {
    engine.pullFailures.put(
        "debian:12", new EngineException(EngineException.Kind.UNREACHABLE, "gone"));
    assertThatThrownBy(() -> resolve(BasePolicy.AUTO, false))
        .isInstanceOf(EngineException.class)
        .hasMessage("gone");
    assertThat(bootstraps).isEmpty();
  }

  @Test
  void resolveWhenNoToolMakesTheBaseSaysSoAmongTheAttempts() {
    Variant amazon = VariantCatalog.open(Path.of("variants")).get("amazonlinux-2023");
    engine.pullFailures.put(
        "amazonlinux:2023",
        new EngineException(EngineException.Kind.REGISTRY, "registry.example: no such host"));
    for (BasePolicy policy : List.of(BasePolicy.AUTO, BasePolicy.BOOTSTRAP)) {
      assertThatThrownBy(() -> resolve(amazon, policy, false))
          .isInstanceOf(BaseException.class)
          .hasMessageContaining("- bootstrapping: no tool makes a base of Amazon Linux")
          .hasMessageContaining("load amazonlinux:2023")
          .hasMessageNotContainingAny("base.bootstrap.mirror", "bootstrapped base");
    }
    assertThat(bootstraps).isEmpty();
  }

  @Test
  void resolveWhenANamedImageIsOfAnotherReleaseCallsItAStandIn() {
    ResolvedBase base =
        resolveNamed("ID=ubuntu\nVERSION_ID=\"16.04\"\nPRETTY_NAME='Ubuntu 16.04.7'\n");
    assertThat(base.standIn()).contains("Ubuntu 16.04.7");
    Variant built = base.buildable(variant);
    assertThat(built.name()).isEqualTo("debian-12-stand-in");
    assertThat(built.title()).contains("Debian 12").contains("stand-in").contains("Ubuntu 16.04.7");
    assertThat(built.description()).contains("stands in for debian:12");
  }

  @Test
  void resolveWhenANamedImageIsOfTheReleaseItIsNoStandIn() {
    ResolvedBase base = resolveNamed("PRETTY_NAME=\"Debian 12\"\nVERSION_ID=\"12\"\nID=debian\n");
    assertThat(base.standIn()).isEmpty();
    assertThat(base.buildable(variant)).isSameAs(variant);
  }

  @Test
  void resolveWhenANamedImageDoesNotSayWhatItIsDoesNotGuess() {
    engine.has("registry.example/debian:12");
    assertThat(resolve(named(), BasePolicy.AUTO, false).standIn()).isEmpty();
  }

  @Test
  void resolveWhenANamedImageIsNotToBeHadMakesNoneInItsPlace() {
    engine.pullFailures.put(
        "registry.example/debian:12",
        new EngineException(EngineException.Kind.NOT_FOUND, "no such image"));
    assertThatThrownBy(() -> resolve(named(), BasePolicy.AUTO, false))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("it would not make registry.example/debian:12");
    assertThat(bootstraps).isEmpty();
  }

  private ResolvedBase resolveNamed(String osRelease) {
    engine.has("registry.example/debian:12");
    engine.files = Map.of("/etc/os-release", osRelease.getBytes(StandardCharsets.UTF_8));
    return resolve(named(), BasePolicy.AUTO, false);
  }

  private static Variant named() {
    return VariantCatalog.open(Path.of("variants"))
        .get(
            "debian-12",
            new Overrides(
                Optional.of("registry.example/debian:12"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private ResolvedBase resolve(BasePolicy policy, boolean fresh) {
    return resolve(variant, policy, fresh);
  }

  private ResolvedBase resolve(Variant asked, BasePolicy policy, boolean fresh) {
    Bootstrapper bootstrapper =
        (recipe, platform, directory, runLog) -> {
          bootstraps.add(recipe.suite());
          try {
            return Files.write(directory.resolve("rootfs.tar"), new byte[1024]);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    return new BaseResolver(engine, bootstrapper, workspace(), Clock.systemUTC(), log)
        .resolve(asked, FakeEngine.PLATFORM, policy, fresh);
  }

  private Workspace workspace() {
    return new Workspace(folder.resolve("cache"), folder.resolve("state"), folder);
  }
}

package io.baseimage.cli;

import io.baseimage.bootstrap.DebianBootstrapper;
import io.baseimage.contract.ContractSuite;
import io.baseimage.engine.EngineLocator;
import io.baseimage.engine.OwnEngine;
import io.baseimage.image.Platform;
import io.baseimage.inventory.CycloneDx;
import io.baseimage.inventory.ImageInventory;
import io.baseimage.pipeline.Bootstrapper;
import io.baseimage.pipeline.ContractChecker;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineAddress;
import io.baseimage.pipeline.EngineInfo;
import io.baseimage.pipeline.ImagePrograms;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.PackageInventory;
import io.baseimage.pipeline.PackageUpgrades;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.RuntimePrograms;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.pipeline.Workspace;
import io.baseimage.registry.EnvironmentProxies;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.upgrades.PackageManagers;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts that the commands work with, each made when it is first asked for. */
final class Toolkit {
  // The runtime is compiled on the base of the first one, whichever variant it is for. Archives of
  // both have the sources
  // of runit, but a mirror of one of them may have no sources at all.
  private static final List<String> TOOLCHAIN_VARIANTS = List.of("debian-12", "ubuntu-24.04");

  private final Surroundings surroundings;
  private @Nullable VariantCatalog catalog;
  private volatile @Nullable ImagePrograms sources;

  Toolkit(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  VariantCatalog catalog() {
    VariantCatalog opened = catalog;
    if (opened == null) {
      opened = VariantCatalog.open(root("variants"));
      catalog = opened;
    }
    return opened;
  }

  /** A variant by its name, or from the file of that path. */
  Variant variant(String nameOrFile) {
    return variant(nameOrFile, Overrides.NONE);
  }

  /** A variant by its name, or from the file of that path, with changes. */
  Variant variant(String nameOrFile, Overrides overrides) {
    Path file = surroundings.resolve(Path.of(nameOrFile));
    if (nameOrFile.contains("/") || (nameOrFile.endsWith(".yaml") && Files.exists(file))) {
      return catalog().get(file, overrides);
    }
    return catalog().get(nameOrFile, overrides);
  }

  /**
   * The variants whose bases programs are compiled on, in the order in which they are tried. A
   * mirror may be all that can be reached, but need not have these releases.
   */
  List<Variant> toolchainVariants(Variant built, Optional<String> mirror) {
    Overrides fromMirror =
        new Overrides(Optional.empty(), mirror, Optional.empty(), Optional.empty());
    List<Variant> variants = new ArrayList<>();
    for (String name : TOOLCHAIN_VARIANTS) {
      Variant variant = variant(name);
      variants.add(variant);
      if (mirror.isPresent() && variant.distribution().equals(built.distribution())) {
        variants.add(variant(name, fromMirror));
      }
    }
    return variants;
  }

  Console console(ConsoleArguments arguments) {
    return new Console(surroundings.err(), surroundings.terminalWidth(), arguments.verbose());
  }

  ImagePrograms programs(RunLog log) {
    Workspace workspace = surroundings.workspace();
    Path toolchain = root("src/main/c");
    return new ImagePrograms(
        new RuntimePrograms(toolchain, toolchain, "usr/sbin/", workspace, log),
        () -> new RuntimePrograms(root("src/main/runit"), toolchain, "", workspace, log));
  }

  /** The programs before anything is compiled. */
  private ImagePrograms programSources() {
    ImagePrograms read = sources;
    if (read == null) {
      read = programs(new Console(surroundings.err(), Optional.empty(), false));
      sources = read;
    }
    return read;
  }

  ImageRecipe recipe() {
    return new ImageRecipe(
        new DockerfileTemplate(root("templates")),
        root("init-scripts"),
        new SourceControl(surroundings.root(), BuildArguments.epoch(surroundings)).facts(),
        variant -> programSources().sources(variant));
  }

  PackageInventory inventory() {
    return new ImageInventory();
  }

  PackageUpgrades upgrades() {
    return new PackageManagers(
        surroundings.workspace().cache(),
        surroundings.clock(),
        new EnvironmentProxies(surroundings.environment()));
  }

  SbomFormat sboms() {
    return new CycloneDx(ProgramVersion.number());
  }

  ContractChecker checker(EngineInfo engine) {
    // Testcontainers reads the variable DOCKER_HOST even when it is told an address, and fails on
    // one that has to be escaped. The property goes before the variable.
    System.setProperty("DOCKER_HOST", new EngineAddress(engine.address()).uri().toString());
    return new ContractSuite(engine.address());
  }

  /** An engine, found or started. */
  Engine engine(Console console) {
    return new EngineLocator(engineSurroundings()).locate(console);
  }

  /** The engine that is there without starting one. */
  Optional<Engine> runningEngine() {
    return runningEngine(new ArrayList<>());
  }

  /** The engine that is there without starting one; what is tried in vain is added to the list. */
  Optional<Engine> runningEngine(List<String> tried) {
    return new EngineLocator(engineSurroundings()).running(tried);
  }

  /** The engine that this toolkit starts where there is none. */
  OwnEngine ownEngine() {
    return new OwnEngine(engineSurroundings());
  }

  Bootstrapper bootstrapper() {
    return bootstrapper(surroundings.environment());
  }

  /** One whose bases are as old as their packages, also where a run is given another date. */
  Bootstrapper undatedBootstrapper() {
    Map<String, String> environment = new HashMap<>(surroundings.environment());
    environment.remove("SOURCE_DATE_EPOCH");
    return bootstrapper(environment);
  }

  private Bootstrapper bootstrapper(Map<String, String> environment) {
    return new DebianBootstrapper(
        List.of(root("variants/keyrings"), Path.of("/usr/share/keyrings")),
        environment,
        surroundings.superuser());
  }

  /** What this machine runs, for a render that has no engine to ask. */
  static Platform ownPlatform() {
    return Platform.parse("linux/" + System.getProperty("os.arch"));
  }

  private io.baseimage.engine.Surroundings engineSurroundings() {
    return new io.baseimage.engine.Surroundings(
        surroundings.environment(),
        surroundings.home(),
        surroundings.workspace().state(),
        surroundings.superuser());
  }

  private Path root(String folder) {
    return surroundings.root().resolve(folder);
  }
}

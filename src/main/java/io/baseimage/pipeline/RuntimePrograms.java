package io.baseimage.pipeline;

import io.baseimage.context.BuildContext;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The programs that every image gets, compiled from the C sources on an engine, once for each state
 * of the sources and each platform.
 */
public final class RuntimePrograms {
  private static final String TOOLCHAIN_FILE = "toolchain.Dockerfile";
  private static final String TOOLCHAIN = "localhost/baseimage-build/toolchain";
  private static final String COMPILE =
      """
      ARG TOOLCHAIN
      FROM ${TOOLCHAIN}
      COPY . /src
      ARG MACHINE
      RUN make -C /src OUT=/out MACHINE=${MACHINE}
      """;
  private static final String OUTPUT = "/out/";
  // What compilers call the architectures; the others are called the same.
  private static final Map<String, String> MACHINES = Map.of("amd64", "x86_64", "arm64", "aarch64");

  private final Path sources;
  private final BuildContext context;
  private final String hash;
  private final Workspace workspace;
  private final RunLog log;

  /**
   * Programs of these sources, which are read at once.
   *
   * @param sources the folder of the C sources, with a Makefile and {@code toolchain.Dockerfile}
   */
  public RuntimePrograms(Path sources, Workspace workspace, RunLog log) {
    this.sources = sources;
    this.context = context(sources);
    this.hash = context.digest().hex();
    this.workspace = workspace;
    this.log = log;
  }

  /** The programs by name, if they have been compiled before. */
  public Optional<SortedMap<String, byte[]>> cached(Platform platform) {
    return read(cacheFolder(platform));
  }

  /**
   * The programs by name, compiled if need be. For a platform that is not the engine's own they are
   * compiled by a cross compiler on the engine's own.
   *
   * @param toolchainBase gives the image of the engine's own platform that the toolchain is
   *     installed on, asked only when there is something to compile
   */
  public SortedMap<String, byte[]> get(
      Engine engine, Platform platform, Function<Platform, ResolvedBase> toolchainBase) {
    Path folder = cacheFolder(platform);
    Optional<SortedMap<String, byte[]>> cached = read(folder);
    if (cached.isPresent()) {
      return cached.get();
    }
    return workspace.alone(
        "runtime-" + folder.getFileName(),
        log,
        () ->
            read(folder)
                .orElseGet(
                    () -> {
                      var programs = compile(engine, platform, toolchainBase);
                      write(folder, programs);
                      return programs;
                    }));
  }

  private static ResolvedBase base(
      Platform platform, Function<Platform, ResolvedBase> toolchainBase) {
    try {
      return toolchainBase.apply(platform);
    } catch (BaseException e) {
      throw e.ofToolchain();
    }
  }

  private SortedMap<String, byte[]> compile(
      Engine engine, Platform platform, Function<Platform, ResolvedBase> toolchainBase) {
    Platform own = engine.info().platform();
    String foreign = platform.equals(own) ? "" : platform.architecture();
    String toolchain = toolchain(engine, own, foreign, base(own, toolchainBase));
    String machine = MACHINES.getOrDefault(platform.architecture(), platform.architecture());
    ImageReference name =
        new ImageReference("localhost/baseimage-build/compile", UUID.randomUUID().toString(), null);
    EngineImage image =
        build(engine, context, name, own, Map.of("TOOLCHAIN", toolchain, "MACHINE", machine));
    try {
      SortedMap<String, byte[]> programs = new TreeMap<>();
      engine
          .readFiles(image.id().toString(), List.of(OUTPUT))
          .forEach((path, bytes) -> programs.put(path.substring(OUTPUT.length()), bytes));
      if (programs.isEmpty()) {
        throw new IllegalStateException("the Makefile of " + sources + " made no program");
      }
      return programs;
    } finally {
      engine.untag(name);
    }
  }

  private String toolchain(Engine engine, Platform own, String foreign, ResolvedBase base) {
    String baseId = base.image().orElseThrow().id().toString();
    String dockerfile = readText(sources.resolve(TOOLCHAIN_FILE));
    String key =
        Digest.of((baseId + "\n" + dockerfile).getBytes(StandardCharsets.UTF_8)).abbreviated();
    String tag = foreign.isEmpty() ? key : key + "-" + foreign;
    ImageReference name = new ImageReference(TOOLCHAIN, tag, null);
    Optional<EngineImage> present = engine.find(name.toString());
    if (present.isPresent()) {
      return present.get().id().toString();
    }
    BuildContext installed =
        BuildContext.builder(Instant.EPOCH)
            .file("Dockerfile", dockerfile.getBytes(StandardCharsets.UTF_8), false)
            .build();
    return build(engine, installed, name, own, Map.of("BASE", baseId, "FOREIGN", foreign))
        .id()
        .toString();
  }

  private EngineImage build(
      Engine engine,
      BuildContext context,
      ImageReference name,
      Platform platform,
      Map<String, String> arguments) {
    try (var directory = workspace.temporaryDirectory("context")) {
      Path tar = writeTar(context, directory.path());
      return engine.build(new BuildRequest(tar, name, platform, false, arguments), log);
    }
  }

  /** Writes a context into a folder, as a tar. */
  static Path writeTar(BuildContext context, Path folder) {
    Path tar = folder.resolve("context.tar");
    try (OutputStream out = Files.newOutputStream(tar)) {
      context.writeTar(out);
      return tar;
    } catch (IOException e) {
      throw new OutputException("write the build context", tar, e);
    }
  }

  private static BuildContext context(Path sources) {
    try {
      return BuildContext.builder(Instant.EPOCH)
          .tree("", sources)
          .file("Dockerfile", COMPILE.getBytes(StandardCharsets.UTF_8), false)
          .build();
    } catch (IOException e) {
      throw new OutputException("read the runtime's sources", sources, e);
    }
  }

  private Path cacheFolder(Platform platform) {
    return workspace.cache().resolve("runtime").resolve(hash + "-" + platform.architecture());
  }

  private static Optional<SortedMap<String, byte[]>> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    SortedMap<String, byte[]> programs = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        programs.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new OutputException("read the compiled programs", folder, e);
    }
    return programs.isEmpty() ? Optional.empty() : Optional.of(programs);
  }

  /** The folder appears whole or not at all. */
  private static void write(Path folder, SortedMap<String, byte[]> programs) {
    try {
      Files.createDirectories(folder.getParent());
      Path partial = Files.createTempDirectory(folder.getParent(), "partial-");
      for (Map.Entry<String, byte[]> program : programs.entrySet()) {
        Files.write(partial.resolve(program.getKey()), program.getValue());
      }
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new OutputException("keep the compiled programs", folder, e);
    }
  }

  private static String readText(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new OutputException("read", file, e);
    }
  }
}

package io.baseimage.pipeline;

import io.baseimage.context.BuildContext;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Programs that go into images, compiled from their sources on an engine, once for each state of
 * the sources and each platform.
 */
public final class RuntimePrograms {
  private static final String TOOLCHAIN_FILE = "toolchain.Dockerfile";
  private static final String SOURCES_FILE = "sources.Dockerfile";
  private static final String TOOLCHAIN = "localhost/baseimage-build/toolchain";

  /** Where files are that come with programs and are none. */
  static final String TEXTS = "usr/share/";

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
  private final Path toolchain;
  private final String prefix;
  private final BuildContext context;
  private final String hash;
  private final Workspace workspace;
  private final RunLog log;

  /**
   * Programs of these sources, which are read at once.
   *
   * @param sources the folder of the sources, with a Makefile. If it has a {@code
   *     sources.Dockerfile}, more of them are in the folder {@code /out} of an image that this
   *     makes, and the Makefile finds them in {@code sources}
   * @param toolchain the folder with {@code toolchain.Dockerfile}, by which the compiler is
   *     installed
   * @param prefix where in the image goes what the Makefile makes, for example {@code usr/sbin/};
   *     empty if it lays that out itself
   */
  public RuntimePrograms(
      Path sources, Path toolchain, String prefix, Workspace workspace, RunLog log) {
    this.sources = sources;
    this.toolchain = toolchain;
    this.prefix = prefix;
    this.context = context(BuildContext.builder(Instant.EPOCH)).build();
    this.hash = context.digest().hex();
    this.workspace = workspace;
    this.log = log;
  }

  /** The digest of all that is known of the programs before they are compiled. */
  Digest sourcesDigest() {
    return new Digest(hash);
  }

  /** The programs by their paths in the image, if they have been compiled before. */
  public Optional<SortedMap<String, byte[]>> cached(Platform platform) {
    return read(cacheFolder(platform));
  }

  /**
   * The programs by their paths in the image, compiled if need be. For a platform that is not the
   * engine's own they are compiled by a cross compiler on the engine's own.
   *
   * @param bases of the engine's own platform
   */
  public SortedMap<String, byte[]> get(Engine engine, Platform platform, ToolchainBases bases) {
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
                      var programs = compile(engine, platform, bases);
                      write(folder, programs);
                      return programs;
                    }));
  }

  private SortedMap<String, byte[]> compile(
      Engine engine, Platform platform, ToolchainBases bases) {
    Platform own = engine.info().platform();
    String foreign = platform.equals(own) ? "" : platform.architecture();
    BuildContext complete = withFetched(engine, own, bases);
    String compiler = compiler(engine, own, foreign, bases);
    String machine = MACHINES.getOrDefault(platform.architecture(), platform.architecture());
    ImageReference name =
        new ImageReference("localhost/baseimage-build/compile", UUID.randomUUID().toString(), null);
    EngineImage image =
        build(engine, complete, name, own, Map.of("TOOLCHAIN", compiler, "MACHINE", machine));
    try {
      SortedMap<String, byte[]> programs = new TreeMap<>();
      engine
          .readFiles(image.id().toString(), List.of(OUTPUT))
          .forEach((path, bytes) -> programs.put(prefix + path.substring(OUTPUT.length()), bytes));
      if (programs.isEmpty()) {
        throw new IllegalStateException("the Makefile of " + sources + " made no program");
      }
      return programs;
    } finally {
      engine.untag(name);
    }
  }

  /** The sources, and what has to be fetched of them. */
  private BuildContext withFetched(Engine engine, Platform own, ToolchainBases bases) {
    Path file = sources.resolve(SOURCES_FILE);
    if (!Files.exists(file)) {
      return context;
    }
    BuildContext.Builder complete = context(BuildContext.builder(Instant.EPOCH));
    fetch(engine, own, bases, readText(file))
        .forEach(
            (path, bytes) ->
                complete.file("sources/" + path.substring(OUTPUT.length()), bytes, false));
    return complete.build();
  }

  private Map<String, byte[]> fetch(
      Engine engine, Platform own, ToolchainBases bases, String dockerfile) {
    List<String> failures = new ArrayList<>();
    for (Variant variant : bases.variants().get()) {
      ImageReference name =
          new ImageReference(
              "localhost/baseimage-build/sources", UUID.randomUUID().toString(), null);
      try {
        String base = bases.of(variant, own).image().orElseThrow().id().toString();
        EngineImage image = build(engine, only(dockerfile), name, own, Map.of("BASE", base));
        return engine.readFiles(image.id().toString(), List.of(OUTPUT));
      } catch (BaseException | EngineException e) {
        failures.add("  - with the archive of " + variant.name() + ": " + e.getMessage());
      } finally {
        engine.untag(name);
      }
    }
    throw new EngineException(
        EngineException.Kind.BUILD,
        "Tried to fetch what "
            + sources.resolve(SOURCES_FILE)
            + " names:\n"
            + String.join("\n", failures)
            + "\nCheck the network and any proxy: an archive's mirror need not have sources.");
  }

  private static BuildContext only(String dockerfile) {
    return BuildContext.builder(Instant.EPOCH)
        .file("Dockerfile", dockerfile.getBytes(StandardCharsets.UTF_8), false)
        .build();
  }

  private String compiler(Engine engine, Platform own, String foreign, ToolchainBases bases) {
    RuntimeException first = null;
    for (Variant variant : bases.variants().get()) {
      try {
        return compiler(engine, own, foreign, bases.of(variant, own));
      } catch (BaseException | EngineException e) {
        first = first == null ? e : first;
      }
    }
    throw Objects.requireNonNull(first);
  }

  private String compiler(Engine engine, Platform own, String foreign, ResolvedBase base) {
    String baseId = base.image().orElseThrow().id().toString();
    String dockerfile = readText(toolchain.resolve(TOOLCHAIN_FILE));
    String key =
        Digest.of((baseId + "\n" + dockerfile).getBytes(StandardCharsets.UTF_8)).abbreviated();
    String tag = foreign.isEmpty() ? key : key + "-" + foreign;
    ImageReference name = new ImageReference(TOOLCHAIN, tag, null);
    Optional<EngineImage> present = engine.find(name.toString());
    if (present.isPresent()) {
      return present.get().id().toString();
    }
    return build(engine, only(dockerfile), name, own, Map.of("BASE", baseId, "FOREIGN", foreign))
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
      return engine.build(new BuildRequest(tar, name, platform, Optional.empty(), arguments), log);
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

  private BuildContext.Builder context(BuildContext.Builder builder) {
    try {
      if (!toolchain.equals(sources)) {
        builder.file(TOOLCHAIN_FILE, Files.readAllBytes(toolchain.resolve(TOOLCHAIN_FILE)), false);
      }
      return builder
          .tree("", sources)
          .file("Dockerfile", COMPILE.getBytes(StandardCharsets.UTF_8), false);
    } catch (IOException e) {
      throw new OutputException("read the runtime's sources", sources, e);
    }
  }

  private Path cacheFolder(Platform platform) {
    return workspace.cache().resolve("runtime").resolve(hash + "-" + platform.architecture());
  }

  private Optional<SortedMap<String, byte[]>> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    SortedMap<String, byte[]> programs = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        programs.put(prefix + folder.relativize(file), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new OutputException("read the compiled programs", folder, e);
    }
    return programs.isEmpty() ? Optional.empty() : Optional.of(programs);
  }

  /** The folder appears whole or not at all. */
  private void write(Path folder, SortedMap<String, byte[]> programs) {
    try {
      Files.createDirectories(folder.getParent());
      Path partial = Files.createTempDirectory(folder.getParent(), "partial-");
      for (Map.Entry<String, byte[]> program : programs.entrySet()) {
        Path file = partial.resolve(program.getKey().substring(prefix.length()));
        Files.createDirectories(file.getParent());
        Files.write(file, program.getValue());
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

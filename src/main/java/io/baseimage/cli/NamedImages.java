package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.RepositoryImages;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Images as the command line names them: on the engine, in a registry, or wherever they are. The
 * words in front are those of containers-transports(5).
 */
final class NamedImages implements AutoCloseable {
  /** In front of the name of an image that is meant in its registry. */
  static final String REGISTRY = "docker://";

  /** In front of the name of an image that is meant on the engine. */
  static final String ENGINE = "docker-daemon:";

  /** What is said of a name's form. */
  static final String FORM =
      "The engine's if an engine runs that has it, else the registry's; docker-daemon:NAME and"
          + " docker://NAME mean one of them.";

  private final Toolkit toolkit;
  private final Arguments arguments;
  private final RunLog log;
  private Optional<Engine> engine = Optional.empty();
  private boolean isLookedFor;

  /** The options of commands about such images. */
  static final class Arguments {
    @Option(
        names = "--platform",
        paramLabel = "OS/ARCH",
        description =
            "Which image of a registry's for several platforms (default: this machine's own, or"
                + " else the first). One that is for another platform is refused.")
    private @Nullable String platform;

    @Mixin private RegistryArguments registryArguments = new RegistryArguments();
    @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

    Console console(Toolkit toolkit) {
      return toolkit.console(consoleArguments);
    }

    Optional<Platform> platform() {
      try {
        return Optional.ofNullable(platform).map(Platform::parse);
      } catch (IllegalArgumentException e) {
        throw new UsageException("--platform: " + e.getMessage());
      }
    }
  }

  NamedImages(Toolkit toolkit, Arguments arguments, RunLog log) {
    this.toolkit = toolkit;
    this.arguments = arguments;
    this.log = log;
  }

  /** All that can be told of it. */
  ImageDescription describe(String name) {
    Optional<EngineImage> here = onEngine(name);
    if (here.isEmpty()) {
      return inRegistry(name).describe(reference(name), arguments.platform());
    }
    Engine its = engine().orElseThrow();
    EngineImage image = here.get();
    return new ImageDescription(
        plain(name),
        ImageDescription.Place.ENGINE,
        image.id(),
        image.platform(),
        image.sizeBytes(),
        its.configuration(image.id().toString()),
        Optional.of(toolkit.inventory().inventory(its, image)));
  }

  /** Its SBOM: the one that is attached, byte for byte, or one that is made of it now. */
  byte[] sbom(String name) {
    Optional<EngineImage> here = onEngine(name);
    return here.isEmpty()
        ? inRegistry(name).sbom(reference(name), arguments.platform())
        : toolkit
            .sboms()
            .write(here.get(), toolkit.inventory().inventory(engine().orElseThrow(), here.get()));
  }

  private RepositoryImages inRegistry(String name) {
    ImageReference reference = reference(name);
    return new RepositoryImages(
        arguments
            .registryArguments
            .registries(toolkit.surroundings(), reference, log)
            .open(reference),
        toolkit.sboms(),
        Toolkit.ownPlatform());
  }

  private Optional<EngineImage> onEngine(String name) {
    if (name.startsWith(REGISTRY)) {
      return Optional.empty();
    }
    Optional<EngineImage> found = engine().flatMap(its -> its.find(plain(name)));
    if (found.isEmpty() && name.startsWith(ENGINE)) {
      throw new EngineException(
          engine().isPresent() ? EngineException.Kind.NOT_FOUND : EngineException.Kind.UNREACHABLE,
          engine()
                  .map(its -> "The engine at " + its.info().address() + " has no image ")
                  .orElse("No engine runs that could have ")
              + plain(name));
    }
    return found.filter(image -> isAskedFor(image, name));
  }

  /** The engine has one platform's image of a name, and the registry may have others. */
  private boolean isAskedFor(EngineImage image, String name) {
    Optional<Platform> other =
        arguments.platform().filter(wanted -> !wanted.equals(image.platform()));
    other.ifPresent(wanted -> log.info(requireNotEngines(name, image.platform(), wanted)));
    return other.isEmpty();
  }

  /**
   * What is said of the engine's image where another platform's is asked for.
   *
   * @throws EngineException if only the engine's is meant
   */
  static String requireNotEngines(String name, Platform its, Platform wanted) {
    String words = "The engine's " + plain(name) + " is for " + its + " and not for " + wanted;
    if (name.startsWith(ENGINE)) {
      throw new EngineException(EngineException.Kind.NOT_FOUND, words + ".");
    }
    return words + ": the registry's is looked at.";
  }

  /** The one that runs; none is started to look for an image. */
  private Optional<Engine> engine() {
    if (!isLookedFor) {
      engine = toolkit.runningEngine();
      isLookedFor = true;
    }
    return engine;
  }

  private static String plain(String name) {
    return name.startsWith(REGISTRY)
        ? name.substring(REGISTRY.length())
        : name.startsWith(ENGINE) ? name.substring(ENGINE.length()) : name;
  }

  private static ImageReference reference(String name) {
    try {
      return ImageReference.parse(plain(name));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    engine.ifPresent(Engine::close);
  }
}

package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.Emulation;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.TestedImages;
import io.baseimage.publish.Publication;
import io.baseimage.publish.Published;
import io.baseimage.publish.Release;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes images that the engine has. */
@Command(
    name = "publish",
    description =
        "Give images of the engine the next version in a registry, as they are, and move the"
            + " aliases to it. Images of one variant for several platforms become one version.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PublishCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Names or ids of the images.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "NAME",
      description =
          "Repository to publish to, for example joe/baseimage or registry.example/joe/baseimage;"
              + " may be repeated (default: the images' own). A variant with a repository suffix"
              + " goes to the repository with that.")
  private List<String> targets = new ArrayList<>();

  @Mixin private TagArguments tagArguments = new TagArguments();

  @Option(
      names = "--dry-run",
      description = "Print what would be published, and change nothing anywhere.")
  private boolean dryRun;

  @Option(
      names = "--no-test",
      description = "Publish an image that is not known to have passed the contract suite.")
  private boolean noTest;

  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  PublishCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Surroundings surroundings = toolkit.surroundings();
    Console console = toolkit.console(consoleArguments);
    try (Engine engine = engine(console)) {
      List<EngineImage> images = names.stream().map(name -> find(engine, name)).toList();
      Map<ImageReference, List<Release>> releases = releases(images, console);
      ImageReference first = releases.keySet().iterator().next();
      Publication publication =
          new Publication(
              engine,
              toolkit.inventory(),
              toolkit.sboms(),
              registryArguments.registries(surroundings, first, console),
              surroundings.workspace(),
              surroundings.clock(),
              console);
      PrintStream out = surroundings.out();
      if (dryRun) {
        publication.plan(releases).forEach(out::println);
        return ExitCode.DONE.code();
      }
      if (noTest || images.stream().allMatch(image -> tested().has(image.id()))) {
        publication.checkUploads(releases.keySet());
      } else {
        publication.checkWriteAccess(releases.keySet());
      }
      images.forEach(image -> requireTested(engine, image, console));
      List<Published> published = publication.publish(releases);
      console.clear();
      print(out, published);
      return ExitCode.DONE.code();
    } finally {
      console.clear();
    }
  }

  /** A dry run starts none. */
  private Engine engine(Console console) {
    return dryRun
        ? toolkit
            .runningEngine()
            .orElseThrow(
                () ->
                    new EngineException(
                        EngineException.Kind.NOT_FOUND,
                        "No engine is running, and so there is no image to publish"))
        : toolkit.engine(console);
  }

  /** A line for each tag, that of the version with its digest. */
  static void print(PrintStream out, List<Published> all) {
    for (Published published : all) {
      out.println(published.name() + "@" + published.digest());
      published.aliases().forEach(out::println);
    }
  }

  private static EngineImage find(Engine engine, String name) {
    return engine
        .find(name)
        .orElseThrow(
            () ->
                new EngineException(
                    EngineException.Kind.NOT_FOUND,
                    "The engine at " + engine.info().address() + " has no image " + name));
  }

  private Map<ImageReference, List<Release>> releases(List<EngineImage> images, Console console) {
    VariantNaming naming = new VariantNaming(tagArguments, toolkit, console);
    List<Releases.Named> named =
        images.stream().map(image -> new Releases.Named(image, naming.of(image))).toList();
    return Releases.of(repositories(named), named);
  }

  private List<ImageReference> repositories(List<Releases.Named> images) {
    if (!targets.isEmpty()) {
      return targets.stream().map(RegistryArguments::repository).distinct().toList();
    }
    Set<ImageReference> own = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (isId(names.get(i), images.get(i).image())) {
        throw new UsageException(
            names.get(i) + " is an image's id; name the repository to publish it to by --to");
      }
      String name = ImageReference.parse(names.get(i)).repository();
      own.add(images.get(i).naming().withoutSuffix(new ImageReference(name, null, null)));
    }
    if (own.size() > 1) {
      throw new UsageException("the images are of several repositories; name one by --to");
    }
    return List.copyOf(own);
  }

  private static boolean isId(String name, EngineImage image) {
    return name.startsWith("sha256:") || image.id().hex().startsWith(name);
  }

  private TestedImages tested() {
    return new TestedImages(toolkit.surroundings().workspace());
  }

  private void requireTested(Engine engine, EngineImage image, Console console) {
    TestedImages tested = tested();
    if (tested.has(image.id())) {
      return;
    }
    if (noTest) {
      console.warn("--no-test: " + image.id() + " is not known to have passed the contract suite");
      return;
    }
    console.info(image.id() + " is not known to have passed the contract suite, which runs now");
    CheckReport report =
        toolkit
            .checker(engine.info())
            .check(
                new CheckRequest(
                    image.id().toString(),
                    Optional.of(Releases.variant(image))
                        .filter(name -> toolkit.catalog().names().contains(name))
                        .map(toolkit::variant),
                    Emulation.timeoutScale(image.platform(), engine.info())),
                console);
    if (!report.passed()) {
      throw new ChecksFailedException(Releases.variant(image), report);
    }
    tested.add(image.id());
  }
}

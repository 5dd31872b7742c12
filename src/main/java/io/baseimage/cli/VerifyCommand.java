package io.baseimage.cli;

import io.baseimage.cli.VariantArguments.MirrorArgument;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Verification;
import io.baseimage.variant.Variant;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that an image is what its labels say. */
@Command(
    name = "verify",
    description =
        "Build an image once more, from the variant, the base and the time that its labels name and"
            + " with its language, time zone and mirror, and say whether the result is the same, or where"
            + " they begin to differ.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private static final Pattern REVISION =
      Pattern.compile("(?<commit>[0-9a-f]{40,64})(?<dirty>-dirty)?");

  @Parameters(
      paramLabel = "IMAGE",
      description = "Name or id of an image of the engine, which else pulls it.")
  private String name = "";

  @Option(
      names = {"-v", "--variant"},
      paramLabel = "VARIANT",
      description = "The variant's name or file (default: what the image's label names).")
  private @Nullable String variant;

  @Mixin private MirrorArgument mirrorArgument = new MirrorArgument();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  VerifyCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = toolkit.console(consoleArguments);
    Surroundings surroundings = toolkit.surroundings();
    Optional<String> mirror = mirrorArgument.get();
    ImageRecipe recipe = toolkit.recipe();
    try (Engine engine = toolkit.engine(console)) {
      EngineImage image = image(engine, console);
      String file = recipe(image);
      Variant made =
          new VariantOfImage(changes -> toolkit.variant(file, changes), recipe::fingerprints)
              .of(image, engine.configuration(image.id().toString()), mirror);
      Verification verification =
          new Verification(
              engine,
              new BaseResolver(
                  engine,
                  toolkit.undatedBootstrapper(),
                  surroundings.workspace(),
                  surroundings.clock(),
                  console),
              toolkit.programs(console),
              recipe,
              surroundings.workspace(),
              surroundings.clock(),
              console);
      Verification.Outcome outcome =
          verification.of(image, made, () -> toolkit.toolchainVariants(made, made.givenMirror()));
      console.clear();
      return print(image, made, outcome, recipe.revision(), surroundings.out());
    } finally {
      console.clear();
    }
  }

  private EngineImage image(Engine engine, Console console) {
    return engine
        .find(name)
        .orElseGet(
            () -> {
              try {
                return engine.pull(ImageReference.parse(name), engine.info().platform(), console);
              } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()));
              }
            });
  }

  private String recipe(EngineImage image) {
    Map<String, String> labels = image.labels();
    String recipe =
        labels.getOrDefault(
            ImageRecipe.RECIPE_LABEL, labels.getOrDefault(ImageRecipe.VARIANT_LABEL, ""));
    if (variant == null && recipe.isEmpty()) {
      throw new UsageException(
          name
              + " has no label "
              + ImageRecipe.RECIPE_LABEL
              + ": it was not built by this toolkit");
    }
    return variant == null ? recipe : variant;
  }

  private int print(
      EngineImage image,
      Variant made,
      Verification.Outcome outcome,
      Optional<String> revision,
      PrintStream out) {
    if (outcome.difference().isEmpty()) {
      out.println("the same   " + name + " " + image.id());
      return ExitCode.DONE.code();
    }
    out.println("different  " + name + " " + image.id());
    out.println("rebuilt    " + outcome.rebuilt());
    out.println("first      " + outcome.difference().get());
    if (outcome.inputsDiffer()) {
      String its = image.labels().getOrDefault(ImageRecipe.REVISION_LABEL, "");
      out.println("inputs     others than the image's" + onRevision(its, revision));
    }
    if (outcome.variantDiffers()) {
      out.println(
          "variant    "
              + made.name()
              + " is another than the image's: it has changed since"
              + (mirrorArgument.get().isPresent()
                  ? ", or the image was built without this --mirror"
                  : ""));
    }
    return ExitCode.DIFFERENT.code();
  }

  /**
   * What helps to get the inputs that an image was built from, if anything does.
   *
   * @param built the revision that the image names
   * @param here the revision of the recipes that are here; empty outside version control
   */
  static String onRevision(String built, Optional<String> here) {
    Matcher matcher = REVISION.matcher(built);
    if (!matcher.matches()) {
      return ", which was built outside version control";
    }
    if (matcher.group("dirty") != null) {
      return ", which was built from revision "
          + matcher.group("commit")
          + " with changes that were not committed";
    }
    return here.equals(Optional.of(built)) ? "" : ", which was built from revision " + built;
  }
}

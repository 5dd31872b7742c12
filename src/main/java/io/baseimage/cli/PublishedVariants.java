package io.baseimage.cli;

import io.baseimage.cli.VariantArguments.ChangeArguments;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options about which published images a command is for, and how they are reached. */
class PublishedVariants {
  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Option(
      names = {"-v", "--variant"},
      paramLabel = "VARIANT",
      description =
          "Variant that is meant: a name (see 'baseimage-build list'), a pattern such as 'ubuntu-*',"
              + " or a YAML file of your own. May be given several times.")
  List<String> wanted = new ArrayList<>();

  @Option(names = "--all", description = "Every variant of which something is published.")
  boolean all;

  @Mixin private ChangeArguments changeArguments = new ChangeArguments();
  @Mixin private TagArguments tagArguments = new TagArguments();
  @Mixin RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  Console console(Toolkit toolkit) {
    return toolkit.console(consoleArguments);
  }

  /** The repository as it was named. */
  ImageReference repository() {
    return RegistryArguments.repository(name);
  }

  Registries registries(Toolkit toolkit, Console console) {
    return registryArguments.registries(toolkit.surroundings(), repository(), console);
  }

  Overrides overrides() {
    return changeArguments.overrides();
  }

  Naming inRegistry(Variant variant) {
    return tagArguments.inRegistry(variant);
  }

  Naming onEngine(Variant variant) {
    return tagArguments.onEngine(variant);
  }

  /**
   * For commands for which not all are the usual.
   *
   * @param doing what they do, in a word
   */
  void requireSaid(String doing) {
    if (!all && wanted.isEmpty()) {
      throw new UsageException("name what to " + doing + ": --variant VARIANT, or --all");
    }
  }

  /** Those that were named, or all. */
  List<Variant> variants(Toolkit toolkit) {
    if (all && !wanted.isEmpty()) {
      throw new UsageException("--all means every variant: leave --variant out, or --all");
    }
    return VariantArguments.fittingVariants(
        toolkit, overrides(), wanted.isEmpty() ? Optional.empty() : Optional.of(wanted));
  }

  /**
   * The variant as an image was built of it: from the archive that the image names, unless this run
   * names one.
   *
   * @param asked the variant as this run asks for it
   * @param labels the image's
   */
  Variant asBuilt(Toolkit toolkit, Variant asked, Map<String, String> labels) {
    Overrides overrides = overrides();
    Optional<String> mirror = VariantOfImage.mirror(labels);
    if (overrides.mirror().isPresent() || mirror.isEmpty()) {
      return asked;
    }
    Overrides built = overrides.withMirror(mirror);
    return built.isFor(asked) ? toolkit.catalog().get(asked.source(), built) : asked;
  }

  /** That there is nothing to look at. */
  RegistryException nothingPublished() {
    return new RegistryException(
        RegistryException.Kind.NOT_FOUND,
        "Tried to look at what is published in "
            + repository()
            + ", but there is nothing of any variant. Check the name, or name a variant's file by"
            + " --variant.");
  }
}

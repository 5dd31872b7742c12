package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registry;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A repository of a registry, and how to speak to it. */
final class RepositoryArguments {
  @Parameters(paramLabel = "NAME", description = "Repository, for example joe/baseimage.")
  private String name = "";

  @Mixin private RegistryArguments registryArguments = new RegistryArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  Console console(Toolkit toolkit) {
    return toolkit.console(consoleArguments);
  }

  Registry open(Toolkit toolkit, Console console) {
    return open(toolkit, console, UnaryOperator.identity());
  }

  /** Opens what is meant by the name that was given. */
  Registry open(Toolkit toolkit, Console console, UnaryOperator<ImageReference> meant) {
    ImageReference repository = meant.apply(RegistryArguments.repository(name));
    return registryArguments
        .registries(toolkit.surroundings(), repository, console)
        .open(repository);
  }

  /** A variant's versions in it. */
  static final class OfVariant {
    @Option(
        names = {"-v", "--variant"},
        required = true,
        paramLabel = "VARIANT",
        description =
            "Variant, as the tags have it, or a YAML file of your own. One with a repository suffix"
                + " is looked for in the repository with that.")
    private String variant = "";

    @Mixin private TagArguments tagArguments = new TagArguments();

    Naming naming(Toolkit toolkit, Console console) {
      return new VariantNaming(tagArguments, toolkit, console).of(variant);
    }

    /** Fails if no file describes the variant: its name may be a mistake. */
    void requireKnown(Toolkit toolkit) {
      toolkit.variant(variant);
    }
  }
}

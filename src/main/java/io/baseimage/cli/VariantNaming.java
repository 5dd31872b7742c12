package io.baseimage.cli;

import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.RunLog;

/** How the versions of a variant are named in a registry of which only the name is at hand. */
final class VariantNaming {
  private final TagArguments arguments;
  private final Toolkit toolkit;
  private final RunLog log;

  VariantNaming(TagArguments arguments, Toolkit toolkit, RunLog log) {
    this.arguments = arguments;
    this.toolkit = toolkit;
    this.log = log;
  }

  /** By the file of the variant, be it one of the catalog or the user's own; else as usual. */
  Naming of(String nameOrFile) {
    if (nameOrFile.contains("/") || nameOrFile.endsWith(".yaml") || isKnown(nameOrFile)) {
      return arguments.inRegistry(toolkit.variant(nameOrFile));
    }
    return usual(nameOrFile);
  }

  /** By the catalog's file that the image's labels name; else as usual. */
  Naming of(EngineImage image) {
    String variant = Releases.variant(image);
    String recipe = image.labels().getOrDefault(ImageRecipe.RECIPE_LABEL, variant);
    if (isKnown(variant)) {
      return arguments.inRegistry(toolkit.catalog().get(variant));
    }
    return isKnown(recipe)
        ? arguments.inRegistry(variant, toolkit.catalog().get(recipe))
        : usual(variant);
  }

  private Naming usual(String variant) {
    log.info(
        "%s is no variant in %s: its tags are taken for the usual ones, where no option names others"
            .formatted(variant, toolkit.catalog().directory()));
    return arguments.inRegistry(variant);
  }

  private boolean isKnown(String name) {
    return toolkit.catalog().names().contains(name);
  }
}

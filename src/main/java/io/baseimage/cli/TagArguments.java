package io.baseimage.cli;

import io.baseimage.version.TagRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How versions are named in a repository. */
final class TagArguments {
  @Option(
      names = "--tag-pattern",
      paramLabel = "PATTERN",
      defaultValue = TagRule.USUAL,
      description = "Tag of a version (default: ${DEFAULT-VALUE}).")
  private String pattern = TagRule.USUAL;

  @Option(
      names = "--series",
      paramLabel = "NUMBERS",
      description =
          "Count versions in these numbers, for example 2017.03, and not by the calendar's month.")
  private @Nullable String series;

  @Option(
      names = "--alias",
      paramLabel = "TAG",
      description =
          "Tag that follows the newest version; may be repeated (default: the variant's name, and"
              + " latest for the default variant).")
  private List<String> aliases = new ArrayList<>();

  @Option(names = "--no-alias", description = "Move no alias.")
  private boolean noAlias;

  @Option(
      names = "--default-variant",
      paramLabel = "VARIANT",
      defaultValue = "ubuntu-16.04",
      description = "The variant that the alias latest follows (default: ${DEFAULT-VALUE}).")
  private String defaultVariant = "ubuntu-16.04";

  TagRule rule(String variant) {
    try {
      return new TagRule(variant, pattern, Optional.ofNullable(series));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  List<String> aliases(String variant) {
    if (noAlias && !aliases.isEmpty()) {
      throw new UsageException("--alias and --no-alias contradict each other");
    }
    if (noAlias) {
      return List.of();
    }
    if (!aliases.isEmpty()) {
      return List.copyOf(aliases);
    }
    return variant.equals(defaultVariant) ? List.of(variant, "latest") : List.of(variant);
  }
}

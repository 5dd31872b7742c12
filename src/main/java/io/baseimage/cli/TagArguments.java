package io.baseimage.cli;

import io.baseimage.pipeline.Naming;
import io.baseimage.variant.Tags;
import io.baseimage.variant.Variant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How versions are named; what is not said here is as the variant's file has it. */
final class TagArguments {
  private static final String LATEST = "latest";
  private static final String DEFAULT_VARIANT = "ubuntu-16.04";

  @Option(
      names = "--tag-pattern",
      paramLabel = "PATTERN",
      description = "Tag of a version (default: the variant's own, usually {variant}-{version}).")
  private @Nullable String pattern;

  @Option(
      names = "--series",
      paramLabel = "calendar|release|NUMBERS",
      description =
          "Count versions in the calendar's month, in the distribution's release, or in these"
              + " numbers, for example 2017.03 (default: the variant's own, usually calendar).")
  private @Nullable String series;

  @Option(
      names = "--repository-suffix",
      paramLabel = "SUFFIX",
      description =
          "Put this after the repository's name, unless that ends in it; '' for nothing (default:"
              + " the variant's own, usually nothing).")
  private @Nullable String repositorySuffix;

  @Option(
      names = "--alias",
      paramLabel = "TAG",
      description =
          "Tag that follows the newest version; may be repeated (default: the variant's own, usually"
              + " its name, and in a registry latest for the default variant).")
  private List<String> aliases = new ArrayList<>();

  @Option(names = "--no-alias", description = "Move no alias.")
  private boolean noAlias;

  @Option(
      names = "--default-variant",
      paramLabel = "VARIANT",
      description =
          "The variant that the alias latest follows in a registry (default: "
              + DEFAULT_VARIANT
              + ").")
  private @Nullable String defaultVariant;

  /** On the engine. */
  Naming onEngine(Variant variant) {
    return naming(variant.name(), Optional.of(variant.release()), variant.tags());
  }

  /** In a registry. */
  Naming inRegistry(Variant variant) {
    return inRegistry(variant.name(), Optional.of(variant.release()), variant.tags());
  }

  /** In a registry, of a variant that has no file here. */
  Naming inRegistry(String variant) {
    return inRegistry(variant, Optional.empty(), Tags.USUAL);
  }

  /** In a registry, of what was made of a variant's file and has another name. */
  Naming inRegistry(String name, Variant file) {
    return inRegistry(name, Optional.of(file.release()), file.tags().underAnotherName());
  }

  private Naming inRegistry(String name, Optional<String> release, Tags tags) {
    Naming naming = naming(name, release, tags);
    boolean asked = name.equals(defaultVariant);
    boolean usual = defaultVariant == null && name.equals(DEFAULT_VARIANT);
    if (noAlias || !aliases.isEmpty() || !(asked || (usual && tags.aliases().isEmpty()))) {
      return naming;
    }
    Set<String> all = new LinkedHashSet<>(naming.aliases());
    all.add(LATEST);
    return new Naming(naming.rule(), naming.repositorySuffix(), List.copyOf(all));
  }

  private Naming naming(String name, Optional<String> release, Tags said) {
    if (noAlias && !aliases.isEmpty()) {
      throw new UsageException("--alias and --no-alias contradict each other");
    }
    try {
      Tags tags =
          new Tags(
              Optional.ofNullable(pattern).or(said::pattern),
              kind(said.series()),
              repositorySuffix == null ? said.repositorySuffix() : repositorySuffix,
              noAlias || !aliases.isEmpty() ? Optional.of(aliases) : said.aliases());
      return Naming.of(name, release(name, release, tags), tags);
    } catch (IllegalArgumentException e) {
      throw new UsageException(asOptions(String.valueOf(e.getMessage())));
    }
  }

  private Tags.Series kind(Tags.Series said) {
    if (series == null) {
      return said;
    }
    return series.equals(Tags.Series.CALENDAR.id()) ? Tags.Series.CALENDAR : Tags.Series.RELEASE;
  }

  /** What versions are counted in, if they do not go by the calendar. */
  private String release(String name, Optional<String> release, Tags tags) {
    if (series != null && tags.series() == Tags.Series.RELEASE && !isRelease(series)) {
      return series;
    }
    if (release.isEmpty() && tags.series() == Tags.Series.RELEASE) {
      throw new UsageException(
          "--series release: no file here says what the release of "
              + name
              + " is; write its numbers, for example --series 2017.03");
    }
    return release.orElse("");
  }

  private static boolean isRelease(String series) {
    return series.equals(Tags.Series.RELEASE.id());
  }

  private static String asOptions(String message) {
    return message
        .replaceFirst("^tags\\.pattern:", "--tag-pattern:")
        .replaceFirst("^tags\\.repositorySuffix:", "--repository-suffix:")
        .replaceFirst("^tags\\.aliases:", "--alias:")
        .replaceFirst("^not a version's series:", "--series: $0");
  }
}

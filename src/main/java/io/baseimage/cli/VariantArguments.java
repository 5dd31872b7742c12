package io.baseimage.cli;

import io.baseimage.variant.Overrides;
import io.baseimage.variant.Problem;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options about which variants are worked on, and what is changed in them. */
final class VariantArguments {
  private VariantArguments() {}

  /** The option that names one variant. */
  static final class VariantArgument {
    @Option(
        names = {"-v", "--variant"},
        paramLabel = "VARIANT",
        description =
            "Variant to work on: a name (see 'baseimage-build list') or a YAML file of your"
                + " own.")
    private @Nullable String variant;

    Variant get(Toolkit toolkit, Overrides overrides) {
      if (variant == null) {
        throw missingVariant(toolkit);
      }
      return toolkit.variant(variant, overrides);
    }

    Optional<Variant> ifGiven(Toolkit toolkit) {
      return Optional.ofNullable(variant).map(name -> toolkit.variant(name, Overrides.NONE));
    }
  }

  private static UsageException missingVariant(Toolkit toolkit) {
    return new UsageException(
        "Missing option --variant; known variants: "
            + String.join(", ", toolkit.catalog().names()));
  }

  /**
   * Variants in the order in which they were named, each once.
   *
   * @param wanted names, patterns and files; every variant of the catalog if empty
   */
  static List<Variant> variants(
      Toolkit toolkit, Overrides overrides, Optional<List<String>> wanted) {
    return variants(toolkit, wanted, name -> toolkit.variant(name, overrides));
  }

  /**
   * The same, but those that are not named themselves are changed only as far as they can be: of
   * all variants some have no use for a mirror. If none has, that is said.
   */
  static List<Variant> fittingVariants(
      Toolkit toolkit, Overrides overrides, Optional<List<String>> wanted) {
    List<Variant> fitting =
        variants(
            toolkit,
            wanted,
            name ->
                wanted.isPresent() && wanted.get().contains(name)
                    ? toolkit.variant(name, overrides)
                    : toolkit.variant(
                        name, overrides.asFarAsFor(toolkit.variant(name, Overrides.NONE))));
    return fitting.stream().anyMatch(overrides::isFor)
        ? fitting
        : variants(toolkit, overrides, wanted);
  }

  private static List<Variant> variants(
      Toolkit toolkit, Optional<List<String>> wanted, Function<String, Variant> read) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Variant> variants = new LinkedHashMap<>();
    for (String name :
        wanted.isEmpty() ? toolkit.catalog().names() : names(toolkit, wanted.get(), problems)) {
      try {
        Variant variant = read.apply(name);
        Variant same = variants.putIfAbsent(variant.name(), variant);
        if (same != null && !same.isSameRecipe(variant)) {
          throw new UsageException(
              "--variant: "
                  + same.source()
                  + " and "
                  + variant.source()
                  + " are both called "
                  + variant.name());
        }
      } catch (VariantException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new VariantException(problems.stream().distinct().toList());
    }
    return List.copyOf(variants.values());
  }

  private static Set<String> names(Toolkit toolkit, List<String> wanted, List<Problem> problems) {
    Set<String> names = new LinkedHashSet<>();
    for (String word : wanted) {
      if (!isPattern(word, toolkit)) {
        if (!names.add(word)) {
          toolkit.surroundings().err().println("warning: " + word + " is named twice");
        }
        continue;
      }
      try {
        names.addAll(toolkit.catalog().matching(List.of(word)));
      } catch (VariantException e) {
        problems.addAll(e.problems());
      }
    }
    return names;
  }

  private static boolean isPattern(String word, Toolkit toolkit) {
    return word.matches("[^/]*[*?\\[{][^/]*")
        && !Files.exists(toolkit.surroundings().resolve(Path.of(word)));
  }

  /** The option that says how many builds go on beside each other. */
  static final class JobsArgument {
    @Option(
        names = {"-j", "--jobs"},
        paramLabel = "N",
        description =
            "Build so many variants at a time (default: one for each processor of the engine's"
                + " machine).")
    private @Nullable Integer jobs;

    /** How many at a time, if it was said. */
    Optional<Integer> get() {
      if (jobs != null && (jobs < 1 || jobs > 1000)) {
        throw new UsageException("--jobs: expected a number from 1 to 1000, found " + jobs);
      }
      return Optional.ofNullable(jobs);
    }
  }

  /** The options that name one variant or several. */
  static final class VariantsArgument {
    @Option(
        names = {"-v", "--variant"},
        paramLabel = "VARIANT",
        description =
            "Variant to build: a name (see 'baseimage-build list'), a pattern such as 'ubuntu-*', or"
                + " a YAML file of your own. May be given several times.")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--all", description = "Build every variant.")
    private boolean all;

    @Mixin private JobsArgument jobs = new JobsArgument();

    @Option(
        names = {"-k", "--keep-going"},
        description = "Begin further variants although one has failed.")
    private boolean keepGoing;

    boolean keepGoing() {
      return keepGoing;
    }

    /** How many at a time, if it was said. */
    Optional<Integer> jobs() {
      return jobs.get();
    }

    /** The variants in the order in which they were named, each once. */
    List<Variant> get(Toolkit toolkit, Overrides overrides) {
      if (all && !wanted.isEmpty()) {
        throw new UsageException("--all builds every variant: leave --variant out, or --all");
      }
      if (!all && wanted.isEmpty()) {
        throw missingVariant(toolkit);
      }
      return variants(toolkit, overrides, all ? Optional.empty() : Optional.of(wanted));
    }

    /** Whether it was said in a way that more than one variant may be meant. */
    boolean isSeveral(Toolkit toolkit) {
      return all || wanted.size() > 1 || wanted.stream().anyMatch(word -> isPattern(word, toolkit));
    }
  }

  /** The option that names an archive of packages. */
  static final class MirrorArgument {
    @Option(
        names = "--mirror",
        paramLabel = "URL",
        description = "Take packages from this archive; the image's package sources name it, too.")
    private @Nullable String mirror;

    Optional<String> get() {
      try {
        return new Overrides(
                Optional.empty(), Optional.ofNullable(mirror), Optional.empty(), Optional.empty())
            .mirror();
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The options that change variants without a file. */
  static final class ChangeArguments {
    @Option(
        names = "--base-image",
        paramLabel = "IMAGE",
        description =
            "Start from this image. If it is of another release than the variant, the result is"
                + " called a stand-in.")
    private @Nullable String baseImage;

    @Mixin private MirrorArgument mirror = new MirrorArgument();

    @Option(
        names = "--locale",
        paramLabel = "LOCALE",
        description = "Another locale, for example zh_CN.UTF-8; it is added to the image's name.")
    private @Nullable String locale;

    @Option(
        names = "--timezone",
        paramLabel = "ZONE",
        description = "Another time zone, for example Asia/Shanghai.")
    private @Nullable String timezone;

    Overrides overrides() {
      try {
        return new Overrides(
            Optional.ofNullable(baseImage),
            mirror.get(),
            Optional.ofNullable(locale),
            Optional.ofNullable(timezone));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }
  }
}

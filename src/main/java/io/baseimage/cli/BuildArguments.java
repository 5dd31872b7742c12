package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BuildOptions;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a build. */
final class BuildArguments {
  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      defaultValue = "baseimage",
      description =
          "Repository that the image is named in, for example joe/baseimage"
              + " (default: ${DEFAULT-VALUE}).")
  private String name = "baseimage";

  @Option(
      names = "--no-test",
      description = "Give the image its name without running the contract suite.")
  private boolean noTest;

  @Option(names = "--no-cache", description = "Run every step of the build anew.")
  private boolean noCache;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Folder for metadata.json and the checks' reports (default: build/VARIANT in the folder"
              + " that the command is run in); for several variants the folder above theirs.")
  private @Nullable Path output;

  @Mixin private TimeoutArgument timeoutArgument = new TimeoutArgument();

  BuildOptions options(Variant variant, BaseArguments base, Overrides overrides) {
    return new BuildOptions(
        variant,
        repository(),
        base.platforms(),
        base.policy(overrides),
        base.pull(),
        noCache,
        !noTest,
        timeoutArgument.scale());
  }

  /** Where the files about one variant go, if it is the only one. */
  Path output(Surroundings surroundings, Variant variant) {
    return surroundings.resolve(
        Optional.ofNullable(output).orElse(Path.of("build", variant.name())));
  }

  /** Where the files about one of several variants go. */
  Path outputOfSeveral(Surroundings surroundings, Variant variant) {
    return surroundings
        .resolve(Optional.ofNullable(output).orElse(Path.of("build")))
        .resolve(variant.name());
  }

  private ImageReference repository() {
    ImageReference reference;
    try {
      reference = ImageReference.parse(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--name: " + e.getMessage());
    }
    if (reference.tag() != null || reference.digest() != null) {
      throw new UsageException(
          "--name: '"
              + name
              + "' has a tag or a digest; the toolkit gives the tags, name the repository alone: "
              + reference.repository());
    }
    return reference;
  }

  /** The option for slow machines. */
  static final class TimeoutArgument {
    @Option(
        names = "--timeout-scale",
        paramLabel = "FACTOR",
        defaultValue = "1",
        description = "Multiply the deadline of every check, for slow machines.")
    private double factor = 1;

    double scale() {
      if (!(factor > 0) || factor > 1000) {
        throw new UsageException("--timeout-scale: expected a number above 0 and up to 1000");
      }
      return factor;
    }
  }

  /** The options about where a build starts from, which a render has too. */
  static final class BaseArguments {
    @Option(
        names = "--base",
        paramLabel = "auto|local|registry|bootstrap",
        defaultValue = "auto",
        description =
            "Where the base comes from: the engine's own image, the registry, or signed packages;"
                + " auto tries them in this order (default: ${DEFAULT-VALUE}).")
    private BasePolicy base = BasePolicy.AUTO;

    @Option(
        names = "--pull",
        description = "Renew the base: ask the registry first, bootstrap anew.")
    private boolean pull;

    @Option(
        names = "--platform",
        paramLabel = "OS/ARCH",
        split = ",",
        description =
            "What the image must run on, or several, as linux/amd64,linux/arm64: an image for each"
                + " (default: what the engine runs on).")
    private List<String> platforms = new ArrayList<>();

    /** Where the base may come from, if that does not contradict the image that is named. */
    BasePolicy policy(Overrides overrides) {
      if (overrides.image().isPresent() && base == BasePolicy.BOOTSTRAP) {
        throw new UsageException("--base bootstrap makes a base and --base-image names another");
      }
      return policy();
    }

    BasePolicy policy() {
      if (pull && base == BasePolicy.LOCAL) {
        throw new UsageException("--pull renews the base and --base local forbids it");
      }
      return base;
    }

    boolean pull() {
      return pull;
    }

    /** The platforms that were asked for, each once. */
    List<Platform> platforms() {
      return platforms.stream().map(BaseArguments::platform).distinct().toList();
    }

    private static Platform platform(String text) {
      Platform asked;
      try {
        asked = Platform.parse(text.strip());
      } catch (IllegalArgumentException e) {
        throw new UsageException("--platform: " + e.getMessage());
      }
      if (!asked.os().equals("linux")) {
        throw new UsageException("--platform: images are of linux, not of '" + asked.os() + "'");
      }
      if (!Platform.ARCHITECTURES.contains(asked.architecture())) {
        throw new UsageException(
            "--platform: unknown architecture '"
                + asked.architecture()
                + "', expected one of "
                + String.join(", ", Platform.ARCHITECTURES));
      }
      return asked;
    }
  }

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

    @Option(
        names = {"-j", "--jobs"},
        paramLabel = "N",
        description =
            "Build so many variants at a time (default: one for each processor of the engine's"
                + " machine).")
    private @Nullable Integer jobs;

    @Option(
        names = {"-k", "--keep-going"},
        description = "Begin further variants although one has failed.")
    private boolean keepGoing;

    boolean keepGoing() {
      return keepGoing;
    }

    /** How many at a time, if it was said. */
    Optional<Integer> jobs() {
      if (jobs != null && (jobs < 1 || jobs > 1000)) {
        throw new UsageException("--jobs: expected a number from 1 to 1000, found " + jobs);
      }
      return Optional.ofNullable(jobs);
    }

    /** The variants in the order in which they were named, each once. */
    List<Variant> get(Toolkit toolkit, Overrides overrides) {
      if (all && !wanted.isEmpty()) {
        throw new UsageException("--all builds every variant: leave --variant out, or --all");
      }
      if (!all && wanted.isEmpty()) {
        throw missingVariant(toolkit);
      }
      List<Problem> problems = new ArrayList<>();
      Map<String, Variant> variants = new LinkedHashMap<>();
      for (String name : all ? toolkit.catalog().names() : names(toolkit, problems)) {
        try {
          Variant variant = toolkit.variant(name, overrides);
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

    private Set<String> names(Toolkit toolkit, List<Problem> problems) {
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

    /** Whether it was said in a way that more than one variant may be meant. */
    boolean isSeveral(Toolkit toolkit) {
      return all || wanted.size() > 1 || wanted.stream().anyMatch(word -> isPattern(word, toolkit));
    }

    private static boolean isPattern(String word, Toolkit toolkit) {
      return word.matches("[^/]*[*?\\[{][^/]*")
          && !Files.exists(toolkit.surroundings().resolve(Path.of(word)));
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

    @Option(
        names = "--mirror",
        paramLabel = "URL",
        description = "Take packages from this archive; the image's package sources name it, too.")
    private @Nullable String mirror;

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
            Optional.ofNullable(mirror),
            Optional.ofNullable(locale),
            Optional.ofNullable(timezone));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }
  }
}

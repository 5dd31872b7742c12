package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.Naming;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a build. */
final class BuildArguments {
  /** An epoch may be of another machine, whose clock is ahead. */
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

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

  @Option(
      names = "--no-cache",
      description =
          "Run every step anew; several variants still share the steps that this run makes.")
  private boolean noCache;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Folder for metadata.json and the checks' reports (default: build/VARIANT in the folder"
              + " that the command is run in); for several variants the folder above theirs.")
  private @Nullable Path output;

  @Mixin private TimeoutArgument timeoutArgument = new TimeoutArgument();

  BuildOptions options(
      Surroundings surroundings,
      Variant variant,
      Function<Variant, Naming> naming,
      BaseArguments base,
      Overrides overrides) {
    return new BuildOptions(
        variant,
        repository(),
        naming,
        base.platforms(),
        base.policy(overrides),
        base.pull(),
        noCache ? Optional.of(Set.of()) : Optional.empty(),
        !noTest,
        epoch(surroundings),
        timeoutArgument.scale());
  }

  /**
   * Seconds since 1970, as https://reproducible-builds.org/specs/source-date-epoch has it. Times
   * are only ever put back to it: with one that is still to come no two images would be the same.
   */
  static Optional<Instant> epoch(Surroundings surroundings) {
    String text = surroundings.environment().getOrDefault("SOURCE_DATE_EPOCH", "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    long now = surroundings.clock().instant().getEpochSecond();
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) > now + CLOCKS_DIFFER.toSeconds()) {
      throw new UsageException(
          "SOURCE_DATE_EPOCH: expected seconds since 1970, up to now ("
              + now
              + "), as no image is reproducible whose time is still to come; found '"
              + text
              + "'");
    }
    return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
  }

  /** Where the files about one variant go, if it is the only one. */
  Path output(Surroundings surroundings, Variant variant) {
    return surroundings.resolve(
        Optional.ofNullable(output).orElse(Path.of("build", variant.name())));
  }

  /** Where the files about one of several variants go. */
  Path outputOfSeveral(Surroundings surroundings, Variant variant) {
    return below(Optional.ofNullable(output), surroundings, variant);
  }

  /** The variant's folder in the one that was named. */
  static Path below(Optional<Path> named, Surroundings surroundings, Variant variant) {
    return surroundings.resolve(named.orElse(Path.of("build"))).resolve(variant.name());
  }

  /** The repository that was asked for. */
  ImageReference repository() {
    ImageReference reference;
    try {
      reference = RegistryArguments.parse(name);
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
}

package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Naming;
import io.baseimage.variant.Variant;
import io.baseimage.version.ImageVersion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What would be built, in words.
 *
 * @param engine the one that runs; empty if none does
 */
record BuildPlan(Optional<Engine> engine, Clock clock) {

  /** What the images would be for: what was asked for, or what the engine or this machine runs. */
  List<Platform> platforms(List<Platform> asked) {
    return asked.isEmpty()
        ? List.of(engine.map(its -> its.info().platform()).orElseGet(Toolkit::ownPlatform))
        : asked;
  }

  /** A line for each thing about one variant. */
  List<String> of(BuildOptions options) {
    Variant variant = options.variant();
    List<Platform> platforms = platforms(options.platforms());
    List<String> lines = new ArrayList<>();
    lines.add(
        "build "
            + variant.name()
            + " for "
            + platforms.stream().map(Platform::toString).collect(Collectors.joining(", "))
            + (options.test() ? "" : ", without the contract suite (--no-test)"));
    lines.add(
        "  on %s, %s (--base %s%s)"
            .formatted(
                variant.base().image(),
                base(options),
                options.base().name().toLowerCase(Locale.ROOT),
                options.pull() ? " --pull" : ""));
    Naming naming = options.naming().apply(variant);
    ImageReference repository = naming.repository(options.name());
    List<String> there =
        engine.map(its -> its.tags(repository.repository())).orElseGet(() -> List.of());
    ImageVersion version = naming.rule().next(there, clock);
    if (platforms.size() == 1) {
      lines.add("  named " + repository.withTag(naming.rule().tag(version)) + " on the engine");
    } else {
      platforms.forEach(
          each ->
              lines.add(
                  "  named "
                      + repository.withTag(naming.rule().tag(version, each))
                      + " on the engine"));
    }
    return lines;
  }

  private static String base(BuildOptions options) {
    boolean made = options.variant().base().bootstrap().isPresent();
    return switch (options.base()) {
      case LOCAL -> "as the engine has it";
      case REGISTRY -> "of the registry";
      case BOOTSTRAP -> "made of signed packages";
      case AUTO ->
          (options.pull() ? "of the registry" : "as the engine has it, else of the registry")
              + (made ? ", else made of signed packages" : "");
    };
  }
}

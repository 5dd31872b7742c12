package io.baseimage.pipeline;

import io.baseimage.archive.RootfsImage;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ResolvedBase.Source;
import io.baseimage.variant.Bootstrap;
import io.baseimage.variant.PackageManager;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the base of a variant, pulls it or makes it. */
public final class BaseResolver {
  /** Another one whenever the same recipe is to make another base. */
  private static final String MAKING = "3";

  private static final String BOOTSTRAPPED = "localhost/baseimage-build/base";

  private final Engine engine;
  private final Bootstrapper bootstrapper;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;

  /** A resolver that works on that engine. */
  public BaseResolver(
      Engine engine, Bootstrapper bootstrapper, Workspace workspace, Clock clock, RunLog log) {
    this.engine = engine;
    this.bootstrapper = bootstrapper;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  /**
   * The base of a variant.
   *
   * @param fresh whether what the engine has is to be replaced by the newest: the registry is asked
   *     first, and a bootstrapped base is made anew
   * @throws BaseException when it cannot be had in any way that the policy allows
   */
  public ResolvedBase resolve(
      Variant variant, Platform platform, BasePolicy policy, boolean fresh) {
    List<String> attempts = new ArrayList<>();
    Optional<ResolvedBase> base =
        switch (policy) {
          case LOCAL -> local(variant, platform, attempts);
          case REGISTRY -> registry(variant, platform, attempts);
          case BOOTSTRAP -> bootstrap(variant, platform, fresh, attempts);
          case AUTO -> automatic(variant, platform, fresh, attempts);
        };
    return base.orElseThrow(
        () -> new BaseException(variant.name(), attempts, advice(variant, policy)));
  }

  /** What the engine has already, without asking anybody else. */
  public static Optional<ResolvedBase> find(Engine engine, Variant variant, Platform platform) {
    ImageReference named = variant.base().image();
    return engine
        .find(named.toString())
        .filter(image -> image.platform().equals(platform))
        .map(image -> new ResolvedBase(named, Source.LOCAL, Optional.of(image)))
        .or(() -> findBootstrapped(engine, variant, platform))
        .map(base -> base.examined(engine, variant));
  }

  private Optional<ResolvedBase> automatic(
      Variant variant, Platform platform, boolean fresh, List<String> attempts) {
    if (!fresh) {
      return local(variant, platform, attempts)
          .or(() -> registry(variant, platform, attempts))
          .or(() -> bootstrap(variant, platform, false, attempts));
    }
    return registry(variant, platform, attempts)
        .or(
            () -> {
              // The base that the registry could not renew, rather than one of another kind.
              Optional<ResolvedBase> kept =
                  local(variant, platform, attempts).filter(base -> base.source() == Source.LOCAL);
              kept.ifPresent(
                  base ->
                      log.warn(
                          "--pull: "
                              + base.reference()
                              + " could not be renewed, the engine's copy is used: "
                              + attempts.get(0)));
              return kept;
            })
        .or(() -> bootstrap(variant, platform, true, attempts));
  }

  private Optional<ResolvedBase> local(Variant variant, Platform platform, List<String> attempts) {
    Optional<ResolvedBase> found = find(engine, variant, platform);
    if (found.isEmpty()) {
      attempts.add(
          "the engine at "
              + engine.info().address()
              + " has no "
              + variant.base().image()
              + " for "
              + platform
              + (variant.base().bootstrap().isPresent() ? " and no bootstrapped base of it" : ""));
    }
    return found;
  }

  private Optional<ResolvedBase> registry(
      Variant variant, Platform platform, List<String> attempts) {
    ImageReference reference = variant.base().image();
    try {
      EngineImage image = engine.pull(reference, platform, log);
      return Optional.of(
          new ResolvedBase(reference, Source.REGISTRY, Optional.of(image))
              .examined(engine, variant));
    } catch (EngineException e) {
      switch (e.kind()) {
        case NOT_FOUND, REGISTRY, PLATFORM, REFUSED -> {
          attempts.add("the registry: " + String.valueOf(e.getMessage()).replace("\n", " "));
          return Optional.empty();
        }
        default -> throw e;
      }
    }
  }

  private Optional<ResolvedBase> bootstrap(
      Variant variant, Platform platform, boolean fresh, List<String> attempts) {
    if (variant.base().bootstrap().isEmpty()) {
      attempts.add(
          variant.distribution().packageManager() == PackageManager.YUM
              ? "bootstrapping: no tool makes a base of "
                  + variant.distribution().title()
                  + " from packages"
              : "bootstrapping: it would not make " + variant.base().image());
      return Optional.empty();
    }
    Bootstrap recipe = variant.base().bootstrap().get();
    // Two builds that need the same base: the second one waits and takes what the first one made.
    return workspace.alone(
        "base-" + bootstrappedName(variant, recipe, platform).effectiveTag().orElseThrow(),
        log,
        () -> {
          Optional<ResolvedBase> found =
              fresh ? Optional.empty() : findBootstrapped(engine, variant, platform);
          return found.or(() -> makeBase(variant, recipe, platform, attempts));
        });
  }

  private Optional<ResolvedBase> makeBase(
      Variant variant, Bootstrap recipe, Platform platform, List<String> attempts) {
    ImageReference reference = bootstrappedName(variant, recipe, platform);
    try (var directory = workspace.temporaryDirectory("bootstrap")) {
      Instant started = clock.instant();
      Path rootfs = bootstrapper.bootstrap(recipe, platform, directory.path(), log);
      EngineImage image =
          engine.load(
              RootfsImage.write(rootfs, started, reference, platform, List.of("bash")),
              reference,
              platform);
      return Optional.of(new ResolvedBase(reference, Source.BOOTSTRAP, Optional.of(image)));
    } catch (IOException e) {
      throw new OutputException("make an image of a root file system", workspace.temporary(), e);
    } catch (BootstrapException e) {
      attempts.add("bootstrapping: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<ResolvedBase> findBootstrapped(
      Engine engine, Variant variant, Platform platform) {
    if (variant.base().bootstrap().isEmpty()) {
      return Optional.empty();
    }
    ImageReference made = bootstrappedName(variant, variant.base().bootstrap().get(), platform);
    return engine
        .find(made.toString())
        .filter(image -> image.platform().equals(platform))
        .map(image -> new ResolvedBase(made, Source.BOOTSTRAP, Optional.of(image)));
  }

  /** A name that tells which recipe made the base: another recipe needs another base. */
  private static ImageReference bootstrappedName(
      Variant variant, Bootstrap recipe, Platform platform) {
    String text =
        String.join(
            "\n",
            MAKING,
            recipe.tool().program(),
            recipe.suite(),
            recipe.flavour(),
            String.join(" ", recipe.components()),
            String.join(" ", recipe.pockets()),
            recipe.keyring(),
            recipe.script().orElse(""),
            recipe.mirror().orElse(""));
    String digest = Digest.of(text.getBytes(StandardCharsets.UTF_8)).abbreviated();
    return new ImageReference(
        BOOTSTRAPPED,
        String.join(
            "-",
            variant.distribution().id(),
            variant.release(),
            platform.architecture(),
            "recipe",
            digest),
        null);
  }

  private static String advice(Variant variant, BasePolicy policy) {
    if (policy != BasePolicy.REGISTRY && variant.base().bootstrap().isEmpty()) {
      return "Check the network and any proxy, or load "
          + variant.base().image()
          + " into the engine by docker load.";
    }
    return switch (policy) {
      case LOCAL ->
          "Bring it to the engine (docker pull or docker load), or allow more with --base auto.";
      case REGISTRY -> "Check the name and the network, or allow more with --base auto.";
      case BOOTSTRAP, AUTO ->
          "Check the network and any proxy, name another archive in the variant"
              + " (--mirror, or base.bootstrap.mirror in the variant), or load "
              + variant.base().image()
              + " into the engine by docker load.";
    };
  }
}

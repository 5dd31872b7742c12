package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.Registries;
import io.baseimage.rebuild.DroppedBuilds;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.FreshnessCheck;
import io.baseimage.rebuild.FreshnessCheck.Subject;
import io.baseimage.rebuild.Reason;
import io.baseimage.registry.Retries;
import io.baseimage.variant.Overrides;
import io.baseimage.variant.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which published images are looked at, and how. */
final class Freshnesses extends PublishedVariants {
  /** Nobody waits long for an answer that may be "unknown". */
  private static final Retries RETRIES =
      new Retries(Duration.ofSeconds(60), Duration.ofSeconds(30));

  @Option(
      names = "--max-age",
      paramLabel = "DAYS",
      description = "Images that were built more days ago are stale (default: age does not count).")
  private @Nullable Integer maxAge;

  /**
   * A variant and how its published image stands.
   *
   * @param asked the variant as its file has it, with the mirror of the published image, which is
   *     what a build is asked for
   * @param naming how its versions are named
   */
  record Standing(Variant asked, Naming naming, Freshness freshness) {}

  /** Looks at them. Of all variants, those of which nothing is published are left out. */
  List<Standing> look(Toolkit toolkit, Supplier<Engine> engine, Console console) {
    if (maxAge != null && maxAge < 0) {
      throw new UsageException("--max-age: expected a number of days, found " + maxAge);
    }
    ImageReference repository = repository();
    Overrides overrides = overrides();
    List<Variant> variants = variants(toolkit);
    List<Subject> subjects = new ArrayList<>();
    for (Variant variant : variants) {
      Variant built = overrides.image().isPresent() ? onBase(variant, engine.get()) : variant;
      Naming naming = inRegistry(built);
      subjects.add(
          new Subject(
              built,
              naming,
              naming.repository(repository),
              labels -> {
                Variant its = asBuilt(toolkit, variant, labels);
                return overrides.image().isPresent() ? onBase(its, engine.get()) : its;
              }));
    }
    Surroundings surroundings = toolkit.surroundings();
    ImageRecipe recipe = toolkit.recipe();
    List<Freshness> found =
        new FreshnessCheck(
                registryArguments.registries(surroundings, repository, console, RETRIES),
                surroundings.workspace().cache(),
                new DroppedBuilds(surroundings.workspace()),
                recipe::fingerprints,
                toolkit.upgrades(),
                surroundings.clock(),
                console)
            .of(subjects, Optional.ofNullable(maxAge), engine);
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (!wanted.isEmpty() || !isUnpublished(found.get(i))) {
        Variant asked = variants.get(i);
        standings.add(
            new Standing(
                found.get(i).published().stream()
                    .flatMap(published -> published.images().stream())
                    .findFirst()
                    .map(image -> asBuilt(toolkit, asked, image.labels()))
                    .orElse(asked),
                subjects.get(i).naming(),
                found.get(i)));
      }
    }
    if (standings.isEmpty()) {
      throw nothingPublished();
    }
    return standings;
  }

  private static boolean isUnpublished(Freshness freshness) {
    return freshness.reasons().stream().anyMatch(Reason.Unpublished.class::isInstance);
  }

  /** On a base of another release it is a stand-in that is built, which has a name of its own. */
  private static Variant onBase(Variant variant, Engine engine) {
    return BaseResolver.find(engine, variant, engine.info().platform())
        .map(base -> base.buildable(variant))
        .orElse(variant);
  }

  /** An engine that is found or started when it is needed. */
  static final class LazyEngine implements Supplier<Engine>, AutoCloseable {
    private final Toolkit toolkit;
    private final Registries registries;
    private final Console console;
    private @Nullable Engine engine;

    LazyEngine(Toolkit toolkit, Registries registries, Console console) {
      this.toolkit = toolkit;
      this.registries = registries;
      this.console = console;
    }

    @Override
    public synchronized Engine get() {
      Engine present = engine;
      if (present == null) {
        present = toolkit.engine(console);
        present.logIn(registries);
        engine = present;
      }
      return present;
    }

    @Override
    public synchronized void close() {
      if (engine != null) {
        engine.close();
      }
    }
  }
}

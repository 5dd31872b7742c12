package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.PackageUpgrades;
import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.CurrentVersions;
import io.baseimage.variant.Variant;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds out how published images stand to what builds would give now. Nothing is changed by it. */
public final class FreshnessCheck {
  private static final int AT_A_TIME = 8;

  private final Registries registries;
  private final Path cache;
  private final DroppedBuilds dropped;
  private final Function<Variant, Fingerprints> fingerprints;
  private final PackageUpgrades upgrades;
  private final Clock clock;
  private final RunLog log;

  /**
   * A check of these parts.
   *
   * @param cache where is kept what was read of registries once
   * @param fingerprints of a variant now
   */
  public FreshnessCheck(
      Registries registries,
      Path cache,
      DroppedBuilds dropped,
      Function<Variant, Fingerprints> fingerprints,
      PackageUpgrades upgrades,
      Clock clock,
      RunLog log) {
    this.registries = registries;
    this.cache = cache;
    this.dropped = dropped;
    this.fingerprints = fingerprints;
    this.upgrades = upgrades;
    this.clock = clock;
    this.log = log;
  }

  /**
   * A variant to look at.
   *
   * @param variant what is built, be it of a file or a stand-in
   * @param naming how its versions are named
   * @param repository where they are
   * @param asBuilt the variant as an image with these labels was built of it, which may name what
   *     no file does
   */
  public record Subject(
      Variant variant,
      Naming naming,
      ImageReference repository,
      Function<Map<String, String>, Variant> asBuilt) {
    /** Of which every image is built in the same way. */
    public Subject(Variant variant, Naming naming, ImageReference repository) {
      this(variant, naming, repository, labels -> variant);
    }
  }

  /** How far it is found out how a subject stands. */
  private static final class Found {
    private final Subject subject;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    private Optional<CurrentVersion> published = Optional.empty();

    Found(Subject subject) {
      this.subject = subject;
    }
  }

  /**
   * Looks at each.
   *
   * @param maxAge the most days that an image may be old; any number if empty
   * @param engine asked for only if package managers have to be run
   * @return in the same order
   * @throws RegistryException if the tags of no repository can be read: then nothing can be said
   */
  public List<Freshness> of(
      List<Subject> subjects, Optional<Integer> maxAge, Supplier<Engine> engine) {
    Map<ImageReference, PublishedTags> tags =
        PublishedTags.read(registries, subjects.stream().map(Subject::repository).toList(), log);
    NewerBases bases = new NewerBases(registries, cache);
    List<Found> found =
        AtOnce.each(
            subjects,
            AT_A_TIME,
            "reading what is published",
            subject ->
                read(
                    subject,
                    Objects.requireNonNull(tags.get(subject.repository())),
                    bases,
                    maxAge));
    addUpgrades(found, engine);
    return found.stream().map(this::freshness).toList();
  }

  private Freshness freshness(Found found) {
    Variant variant = found.subject.variant();
    LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
    return new Freshness(
        variant.name(),
        found.subject.repository(),
        found.published,
        found.reasons,
        found.doubts,
        variant.endOfLife().filter(day -> day.isBefore(today)));
  }

  private Found read(
      Subject subject, PublishedTags tags, NewerBases bases, Optional<Integer> maxAge) {
    Found found = new Found(subject);
    if (tags.failure().isPresent()) {
      found.doubts.add("its repository could not be read: " + tags.failure().get().inOneLine());
      return found;
    }
    try {
      found.published =
          new CurrentVersions(tags.registry(), cache).of(subject.naming(), tags.tags());
    } catch (RegistryException e) {
      found.doubts.add(e.inOneLine());
      return found;
    }
    if (found.published.isEmpty()) {
      found.reasons.add(new Reason.Unpublished(subject.repository()));
      return found;
    }
    for (CurrentVersion.Image image : found.published.get().images()) {
      String variant = image.label(ImageRecipe.VARIANT_LABEL).orElse("");
      if (!variant.equals(subject.variant().name())) {
        found.doubts.add(
            found.published.get().name()
                + (variant.isEmpty()
                    ? " is no image of this toolkit: it has no label " + ImageRecipe.VARIANT_LABEL
                    : " is an image of the variant " + variant));
        return found;
      }
      CurrentVersion.Image known =
          new CurrentVersion.Image(
              image.platform(),
              image.manifest(),
              image.config(),
              image.created(),
              dropped.labels(image.config(), image.labels()));
      lookAtRecipe(found, known);
      NewerBases.Answer base = bases.of(subject.variant(), known);
      base.reason().ifPresent(found.reasons::add);
      base.doubt().ifPresent(found.doubts::add);
      maxAge.ifPresent(days -> lookAtAge(found, known, days));
    }
    return found;
  }

  private void lookAtRecipe(Found found, CurrentVersion.Image image) {
    Optional<Fingerprints> before = Fingerprints.of(image.labels());
    if (before.isEmpty()) {
      found.reasons.add(Reason.Changed.TOOLKIT);
      return;
    }
    Fingerprints now = fingerprints.apply(found.subject.asBuilt().apply(image.labels()));
    if (!now.variant().equals(before.get().variant())) {
      found.reasons.add(Reason.Changed.VARIANT);
    } else if (!now.recipe().equals(before.get().recipe())) {
      found.reasons.add(Reason.Changed.TEMPLATE);
    }
    if (!now.runtime().equals(before.get().runtime())) {
      found.reasons.add(Reason.Changed.RUNTIME);
    }
  }

  private void lookAtAge(Found found, CurrentVersion.Image image, int most) {
    try {
      Instant built = Instant.parse(image.built().orElse(""));
      long days = Duration.between(built, clock.instant()).toDays();
      if (days > most) {
        found.reasons.add(new Reason.TooOld(days, most));
      }
    } catch (DateTimeException e) {
      found.doubts.add("the image does not say when it was built");
    }
  }

  private void addUpgrades(List<Found> all, Supplier<Engine> engine) {
    Map<Found, List<PackageUpgrades.Image>> images = new LinkedHashMap<>();
    for (Found found : all) {
      // Of what is not the variant's image nothing else counts.
      if (found.published.isEmpty() || !isOfVariant(found)) {
        continue;
      }
      images.put(
          found,
          found.published.get().images().stream()
              .map(
                  image ->
                      new PackageUpgrades.Image(
                          image.config(),
                          new ImageReference(
                              found.subject.repository().repository(), null, image.manifest()),
                          image.platform()))
              .toList());
    }
    Map<PackageUpgrades.Image, Answer> answers =
        upgrades.of(
            images.values().stream().flatMap(List::stream).distinct().toList(), engine, log);
    images.forEach(
        (found, its) ->
            its.forEach(image -> add(found, Objects.requireNonNull(answers.get(image)))));
  }

  private static boolean isOfVariant(Found found) {
    return found.published.stream()
        .flatMap(published -> published.images().stream())
        .allMatch(
            image ->
                image
                    .label(ImageRecipe.VARIANT_LABEL)
                    .equals(Optional.of(found.subject.variant().name())));
  }

  private static void add(Found found, Answer answer) {
    if (answer instanceof Answer.Unknown unknown) {
      found.doubts.add(Freshness.OF_PACKAGES + unknown.why());
    } else if (answer instanceof Answer.Known known) {
      // A build would install these versions again.
      Set<String> pinned =
          found.subject.variant().packages().stream()
              .filter(name -> name.contains("="))
              .map(name -> name.substring(0, name.indexOf('=')))
              .collect(Collectors.toSet());
      List<Upgrade> upgrades =
          known.upgrades().stream()
              .filter(upgrade -> !pinned.contains(upgrade.name().replaceFirst(":.*", "")))
              .sorted(Comparator.comparing(Upgrade::security))
              .toList();
      upgrades.forEach(upgrade -> found.reasons.add(new Reason.NewerPackage(upgrade)));
      if (!upgrades.isEmpty()) {
        known.doubt().ifPresent(doubt -> found.doubts.add(Freshness.OF_PACKAGES + doubt));
      }
    }
  }
}

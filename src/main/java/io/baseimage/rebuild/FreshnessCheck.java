package io.baseimage.rebuild;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.PackageUpgrades;
import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase.Origin;
import io.baseimage.pipeline.RunLog;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Map<String, Object> bases = new ConcurrentHashMap<>();

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
   */
  public record Subject(Variant variant, Naming naming, ImageReference repository) {}

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
    Map<ImageReference, Registry> repositories = new LinkedHashMap<>();
    subjects.forEach(each -> repositories.computeIfAbsent(each.repository(), registries::open));
    Map<ImageReference, RegistryException> failures = new ConcurrentHashMap<>();
    Map<ImageReference, List<String>> tags = tags(repositories, failures);
    List<Found> found =
        AtOnce.each(
            subjects,
            AT_A_TIME,
            "reading what is published",
            subject -> {
              ImageReference where = subject.repository();
              Found its = new Found(subject);
              RegistryException failure = failures.get(where);
              if (failure != null) {
                its.doubts.add("its repository could not be read: " + words(failure));
                return its;
              }
              return read(
                  its,
                  Objects.requireNonNull(repositories.get(where)),
                  Objects.requireNonNull(tags.get(where)),
                  maxAge);
            });
    addUpgrades(found, engine);
    return found.stream().map(this::freshness).toList();
  }

  /**
   * The tags of each. Registries call a repository forbidden that is not there; where another one
   * can be read, nothing is published in such a one.
   */
  private Map<ImageReference, List<String>> tags(
      Map<ImageReference, Registry> repositories, Map<ImageReference, RegistryException> failures) {
    Map<ImageReference, List<String>> tags = new ConcurrentHashMap<>();
    AtOnce.each(
        repositories.entrySet(),
        AT_A_TIME,
        "reading tags",
        each -> {
          try {
            tags.put(each.getKey(), each.getValue().tags());
          } catch (RegistryException e) {
            failures.put(each.getKey(), e);
          }
          return each;
        });
    if (tags.isEmpty() && !failures.isEmpty()) {
      throw failures.get(repositories.keySet().iterator().next());
    }
    failures.forEach(
        (repository, failure) -> {
          if (failure.isForbidden()) {
            log.info("Nothing is taken to be published in " + repository + ": " + words(failure));
            tags.put(repository, List.of());
          }
        });
    failures.keySet().removeAll(tags.keySet());
    return tags;
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

  private Found read(Found found, Registry registry, List<String> tags, Optional<Integer> maxAge) {
    try {
      found.published = new CurrentVersions(registry, cache).of(found.subject.naming(), tags);
    } catch (RegistryException e) {
      found.doubts.add(words(e));
      return found;
    }
    if (found.published.isEmpty()) {
      found.reasons.add(new Reason.Unpublished(found.subject.repository()));
      return found;
    }
    for (CurrentVersion.Image image : found.published.get().images()) {
      String variant = image.label(ImageRecipe.VARIANT_LABEL).orElse("");
      if (!variant.equals(found.subject.variant().name())) {
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
      lookAtBase(found, known);
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
    Fingerprints now = fingerprints.apply(found.subject.variant());
    if (!now.variant().equals(before.get().variant())) {
      found.reasons.add(Reason.Changed.VARIANT);
    } else if (!now.recipe().equals(before.get().recipe())) {
      found.reasons.add(Reason.Changed.TEMPLATE);
    }
    if (!now.runtime().equals(before.get().runtime())) {
      found.reasons.add(Reason.Changed.RUNTIME);
    }
  }

  private void lookAtBase(Found found, CurrentVersion.Image image) {
    String origin = image.label(ImageRecipe.BASE_ORIGIN_LABEL).orElse("");
    if (origin.isEmpty() || origin.equals(Origin.BOOTSTRAP.id())) {
      return;
    }
    String name = image.label(ImageRecipe.BASE_NAME_LABEL).orElse("");
    String wanted = found.subject.variant().base().image().toString();
    if (!name.equals(wanted)) {
      found.reasons.add(new Reason.OtherBase(name, wanted));
      return;
    }
    if (!origin.equals(Origin.REGISTRY.id())) {
      return;
    }
    String digest = image.label(ImageRecipe.BASE_DIGEST_LABEL).orElse("");
    Object answer =
        bases.computeIfAbsent(
            name + " " + digest + " " + image.platform(),
            key -> base(name, digest, image.platform()));
    if (answer instanceof Reason reason) {
      found.reasons.add(reason);
    } else if (answer instanceof String doubt) {
      found.doubts.add(doubt);
    }
  }

  /** A reason, a doubt in words, or anything else if it is the same. */
  private Object base(String name, String digest, Platform platform) {
    try {
      ImageReference reference = ImageReference.parse(name);
      if (reference.digest() != null) {
        return true;
      }
      Optional<Digest> now =
          new CurrentVersions(registries.open(reference), cache)
              .moved(reference.effectiveTag().orElse("latest"), Digest.parse(digest), platform);
      return now.isPresent() ? new Reason.NewBase(name, digest, now.get().toString()) : true;
    } catch (RegistryException e) {
      return "the base could not be looked up: " + words(e);
    } catch (IllegalArgumentException e) {
      return "the image's labels do not say what its base was: " + e.getMessage();
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
      found.doubts.add("packages: " + unknown.why());
    } else if (answer instanceof Answer.Known known) {
      // A build would install these versions again.
      Set<String> pinned =
          found.subject.variant().packages().stream()
              .filter(name -> name.contains("="))
              .map(name -> name.substring(0, name.indexOf('=')))
              .collect(Collectors.toSet());
      known.upgrades().stream()
          .filter(upgrade -> !pinned.contains(upgrade.name().replaceFirst(":.*", "")))
          .sorted(java.util.Comparator.comparing(upgrade -> !upgrade.security()))
          .map(Reason.NewerPackage::new)
          .forEach(found.reasons::add);
    }
  }

  private static String words(RegistryException failure) {
    return String.valueOf(failure.getMessage()).replace('\n', ' ');
  }
}

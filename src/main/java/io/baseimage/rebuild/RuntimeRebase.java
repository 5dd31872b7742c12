package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Fingerprints;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.CurrentVersions;
import io.baseimage.publish.ExchangedRuntimes;
import io.baseimage.publish.NotExchangeableException;
import io.baseimage.publish.RuntimeExchange;
import io.baseimage.rebuild.FreshnessCheck.Subject;
import io.baseimage.rebuild.Rebase.Outcome;
import io.baseimage.variant.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Finds out whose runtime can be exchanged where it is published, and makes the new images. */
public final class RuntimeRebase {
  private final Registries registries;
  private final SbomFormat format;
  private final Workspace workspace;
  private final ImageRecipe recipe;
  private final BiFunction<Variant, Platform, SortedMap<String, byte[]>> programs;
  private final ExchangedRuntimes made = new ExchangedRuntimes();

  /**
   * Of these parts.
   *
   * @param programs a variant's compiled programs for a platform, by their paths in the image;
   *     throws {@link NotExchangeableException} if they cannot be had
   */
  public RuntimeRebase(
      Registries registries,
      SbomFormat format,
      Workspace workspace,
      ImageRecipe recipe,
      BiFunction<Variant, Platform, SortedMap<String, byte[]>> programs) {
    this.registries = registries;
    this.format = format;
    this.workspace = workspace;
    this.recipe = recipe;
    this.programs = programs;
  }

  /**
   * How it stands with a variant.
   *
   * @param images the new ones, one for each platform; none unless it is possible
   */
  public record Prepared(Subject subject, Rebase rebase, List<EngineImage> images) {
    /** Copies the list. */
    public Prepared {
      images = List.copyOf(images);
    }
  }

  /** What the new images are made of. */
  public ExchangedRuntimes made() {
    return made;
  }

  /**
   * Prepares one; nothing is changed anywhere.
   *
   * @param subject the variant as its file has it, its naming and where it is published
   * @param tags those of the repository
   */
  public Prepared prepare(Subject subject, List<String> tags) {
    Optional<CurrentVersion> published = Optional.empty();
    try {
      Registry registry = registries.open(subject.repository());
      published = new CurrentVersions(registry, workspace.cache()).of(subject.naming(), tags);
      if (published.isEmpty()) {
        throw new NotExchangeableException("nothing is published yet");
      }
      return prepare(subject, registry, published.get());
    } catch (NotExchangeableException e) {
      String why = e.getMessage() + "; 'rebuild' makes it anew";
      return ended(subject, published, Outcome.REFUSED, Optional.of(why));
    } catch (InterruptedRunException e) {
      throw e;
    } catch (RegistryException e) {
      String why = String.valueOf(e.getMessage());
      return ended(subject, published, Outcome.FAILED, Optional.of(why));
    }
  }

  private Prepared prepare(Subject subject, Registry registry, CurrentVersion published) {
    List<ResolvedBase> bases = new ArrayList<>();
    List<Variant> variants = new ArrayList<>();
    int same = 0;
    for (CurrentVersion.Image image : published.images()) {
      ResolvedBase base = base(subject, image);
      Variant variant = subject.asBuilt().apply(image.labels());
      bases.add(base);
      variants.add(variant);
      same += isSame(base.buildable(variant), image) ? 1 : 0;
    }
    if (same == bases.size()) {
      return ended(subject, Optional.of(published), Outcome.NOT_NEEDED, Optional.empty());
    }
    RuntimeExchange exchange = new RuntimeExchange(registry, format, workspace);
    List<EngineImage> images = new ArrayList<>();
    TreeSet<String> changed = new TreeSet<>();
    for (int i = 0; i < bases.size(); i++) {
      CurrentVersion.Image image = published.images().get(i);
      RuntimeExchange.Exchanged exchanged =
          exchange.of(
              image,
              recipe.render(
                  variants.get(i), bases.get(i), programs.apply(variants.get(i), image.platform())),
              made);
      images.add(exchanged.image());
      changed.addAll(exchanged.changed());
    }
    if (changed.isEmpty()) {
      // Programs of other sources may be the same bytes.
      return ended(subject, Optional.of(published), Outcome.NOT_NEEDED, Optional.empty());
    }
    return new Prepared(
        subject,
        new Rebase(
            bases.get(0).buildable(subject.variant()).name(),
            subject.repository(),
            Optional.of(published),
            Outcome.POSSIBLE,
            List.of(new Reason.ChangedFiles(List.copyOf(changed))),
            false,
            Optional.empty(),
            Optional.empty()),
        images);
  }

  /** Of what the image was built on, if it is of this variant. */
  private static ResolvedBase base(Subject subject, CurrentVersion.Image image) {
    String variant = image.label(ImageRecipe.VARIANT_LABEL).orElse("");
    if (variant.isEmpty()) {
      throw new NotExchangeableException(
          "it is no image of this toolkit: it has no label " + ImageRecipe.VARIANT_LABEL);
    }
    try {
      ResolvedBase base = ResolvedBase.of(image.labels(), image.platform());
      if (!variant.equals(base.buildable(subject.variant()).name())) {
        throw new NotExchangeableException("it is an image of the variant " + variant);
      }
      return base;
    } catch (IllegalArgumentException e) {
      throw new NotExchangeableException(
          "its labels do not say what its base was: " + e.getMessage());
    }
  }

  /** Whether the runtime is the same; fails if more than that is another. */
  private boolean isSame(Variant variant, CurrentVersion.Image image) {
    Fingerprints before =
        Fingerprints.of(new DroppedBuilds(workspace).labels(image.config(), image.labels()))
            .orElseThrow(
                () ->
                    new NotExchangeableException(
                        "it was built by an older toolkit, which did not note what it was made"
                            + " of"));
    Fingerprints now = recipe.fingerprints(variant);
    if (!now.variant().equals(before.variant())) {
      throw new NotExchangeableException("the variant has changed since it was built");
    }
    if (!now.recipe().equals(before.recipe())) {
      throw new NotExchangeableException("its packages were installed by other templates");
    }
    return now.runtime().equals(before.runtime());
  }

  private static Prepared ended(
      Subject subject,
      Optional<CurrentVersion> published,
      Outcome outcome,
      Optional<String> failure) {
    ImageReference repository = subject.repository();
    return new Prepared(
        subject,
        new Rebase(
            subject.variant().name(),
            repository,
            published,
            outcome,
            List.of(),
            false,
            Optional.empty(),
            failure),
        List.of());
  }
}

package io.baseimage.pipeline;

import io.baseimage.archive.FirstDifference;
import io.baseimage.archive.ReproducibleLayer;
import io.baseimage.archive.SavedImage;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ResolvedBase.Origin;
import io.baseimage.pipeline.ResolvedBase.Source;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Builds an image once more from what its labels say, and compares. */
public final class Verification {
  /** Labels that are others because something else is: it is that which people look for. */
  private static final List<String> HASHES = List.of(Fingerprints.LABELS, ImageRecipe.INPUTS_LABEL);

  private final Engine engine;
  private final BaseResolver bases;
  private final ImagePrograms programs;
  private final ImageRecipe recipe;
  private final Workspace workspace;
  private final Clock clock;
  private final RunLog log;

  /** With these parts. */
  public Verification(
      Engine engine,
      BaseResolver bases,
      ImagePrograms programs,
      ImageRecipe recipe,
      Workspace workspace,
      Clock clock,
      RunLog log) {
    this.engine = engine;
    this.bases = bases;
    this.programs = programs;
    this.recipe = recipe;
    this.workspace = workspace;
    this.clock = clock;
    this.log = log;
  }

  /**
   * What came of it.
   *
   * @param rebuilt the id of the image that was built
   * @param difference the first one; empty if the image is the same, byte for byte
   * @param inputsDiffer whether it was built from other inputs than those that are here
   * @param variantDiffers whether its variant was another than the one that was built
   */
  public record Outcome(
      Digest rebuilt, Optional<String> difference, boolean inputsDiffer, boolean variantDiffers) {}

  /**
   * Builds it.
   *
   * @param variant what its labels name
   * @param toolchain as {@link BuildPipeline#run} has it
   * @throws BaseException if its base cannot be had any more
   */
  public Outcome of(EngineImage image, Variant variant, Supplier<List<Variant>> toolchain) {
    Platform platform = image.platform();
    ResolvedBase base = base(image, variant);
    SortedMap<String, byte[]> runtime =
        programs.get(
            variant,
            engine,
            platform,
            new ToolchainBases(
                toolchain,
                (needed, wanted) -> bases.resolve(needed, wanted, BasePolicy.AUTO, false)));
    ImageRecipe.Rendered rendered = recipe.from(source(image)).render(variant, base, runtime);
    ImageReference name =
        new ImageReference(Naming.OWN + "verification", UUID.randomUUID().toString(), null);
    try {
      Digest rebuilt =
          new ReproducibleBuild(engine, workspace, log)
              .run(
                  variant.name(),
                  platform,
                  Optional.of(Set.of()),
                  epochs(image, base),
                  base,
                  rendered,
                  name)
              .image()
              .id();
      boolean others = !rendered.inputs().equals(image.labels().get(ImageRecipe.INPUTS_LABEL));
      return new Outcome(
          rebuilt,
          rebuilt.equals(image.id()) ? Optional.empty() : Optional.of(difference(image, name)),
          others,
          isAnother(base.buildable(variant), image));
    } finally {
      new ImageNames(engine, workspace, clock, log).take(name);
    }
  }

  /** Where the image says that its recipes come from: of another place they may be the same. */
  private static SourceFacts source(EngineImage image) {
    Map<String, String> labels = image.labels();
    return new SourceFacts(
        Optional.ofNullable(labels.get(ImageRecipe.REVISION_LABEL)),
        labels.getOrDefault(ImageRecipe.SOURCE_LABEL, ""),
        created(image));
  }

  private boolean isAnother(Variant built, EngineImage image) {
    return Fingerprints.of(image.labels())
        .filter(its -> !its.variant().equals(recipe.fingerprints(built).variant()))
        .isPresent();
  }

  /** When it says that it was made; what was built on it by others has a later time of its own. */
  private static Instant created(EngineImage image) {
    try {
      return Instant.parse(image.labels().getOrDefault(ImageRecipe.CREATED_LABEL, ""));
    } catch (DateTimeException e) {
      return image.created();
    }
  }

  /** The time of each layer of packages, which is that of a folder in it, and then the image's. */
  private List<Instant> epochs(EngineImage image, ResolvedBase base) {
    EngineImage below = base.image().orElseThrow();
    try (var directory = workspace.temporaryDirectory("image")) {
      List<Path> layers = saved(image.id().toString(), directory.path().resolve("image")).layers();
      List<Instant> epochs = new ArrayList<>();
      Instant newest = below.created();
      for (int i = below.layers().size(); i < layers.size() - 1; i++) {
        newest =
            ReproducibleLayer.modified(layers.get(i), ReproducibleBuild.LISTS_FOLDER)
                .orElse(newest);
        epochs.add(newest);
      }
      epochs.add(created(image));
      return epochs;
    } catch (IOException e) {
      throw new OutputException("look into an image", workspace.temporary(), e);
    }
  }

  /** The very base that the image was built on. */
  private ResolvedBase base(EngineImage image, Variant variant) {
    Map<String, String> labels = image.labels();
    String name = labels.getOrDefault(ImageRecipe.BASE_NAME_LABEL, "");
    String digest = labels.getOrDefault(ImageRecipe.BASE_DIGEST_LABEL, "");
    Origin origin = Origin.of(labels.getOrDefault(ImageRecipe.BASE_ORIGIN_LABEL, ""));
    ImageReference reference = ImageReference.parse(name);
    if (origin == Origin.REGISTRY) {
      ImageReference exact = new ImageReference(reference.repository(), null, Digest.parse(digest));
      EngineImage found =
          engine
              .find(exact.toString())
              .filter(there -> there.platform().equals(image.platform()))
              .orElseGet(() -> engine.pull(exact, image.platform(), log));
      return new ResolvedBase(reference, Source.REGISTRY, Optional.of(found))
          .examined(engine, variant);
    }
    Source source = origin == Origin.BOOTSTRAP ? Source.BOOTSTRAP : Source.LOCAL;
    Optional<EngineImage> found = engine.find(digest);
    if (found.isEmpty() && origin == Origin.BOOTSTRAP) {
      ResolvedBase made = bases.resolve(variant, image.platform(), BasePolicy.BOOTSTRAP, true);
      found = made.image().filter(there -> there.id().toString().equals(digest));
    }
    return new ResolvedBase(
            reference,
            source,
            Optional.of(
                found.orElseThrow(
                    () ->
                        new BaseException(
                            variant.name(),
                            List.of("the engine has no image " + digest),
                            "Bring the base that "
                                + image.id().abbreviated()
                                + " was built on ("
                                + name
                                + ") to the engine by docker load."))))
        .examined(engine, variant);
  }

  private String difference(EngineImage image, ImageReference rebuilt) {
    try (var directory = workspace.temporaryDirectory("image")) {
      SavedImage before = saved(image.id().toString(), directory.path().resolve("before"));
      SavedImage now = saved(rebuilt.toString(), directory.path().resolve("now"));
      return FirstDifference.between(before, now, HASHES)
          .orElse("none that is known: the engine names the same image differently");
    } catch (IOException e) {
      throw new OutputException("compare two images", workspace.temporary(), e);
    }
  }

  private SavedImage saved(String image, Path folder) throws IOException {
    return engine.unpacked(image, Files.createDirectories(folder));
  }
}

package io.baseimage.rebuild;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.ResolvedBase.Origin;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.CurrentVersions;
import io.baseimage.variant.Variant;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Whether images would be built on another base now. Each base is looked up once. */
final class NewerBases {
  private static final Answer SAME = new Answer(Optional.empty(), Optional.empty());

  private final Registries registries;
  private final Path cache;
  private final Map<Base, Answer> answers = new ConcurrentHashMap<>();

  /**
   * None looked up yet.
   *
   * @param cache where is kept what was read of registries once
   */
  NewerBases(Registries registries, Path cache) {
    this.registries = registries;
    this.cache = cache;
  }

  /** What was found out: a reason to build, a doubt in words, or neither if nothing has changed. */
  record Answer(Optional<Reason> reason, Optional<String> doubt) {
    private static Answer of(Reason reason) {
      return new Answer(Optional.of(reason), Optional.empty());
    }

    private static Answer of(String doubt) {
      return new Answer(Optional.empty(), Optional.of(doubt));
    }
  }

  private record Base(String name, String digest, Platform platform) {}

  /** Looks up the base of an image, which is of this variant. */
  Answer of(Variant variant, CurrentVersion.Image image) {
    String origin = image.label(ImageRecipe.BASE_ORIGIN_LABEL).orElse("");
    if (origin.isEmpty() || origin.equals(Origin.BOOTSTRAP.id())) {
      return SAME;
    }
    String name = image.label(ImageRecipe.BASE_NAME_LABEL).orElse("");
    String wanted = variant.base().image().toString();
    if (!name.equals(wanted)) {
      return Answer.of(new Reason.OtherBase(name, wanted));
    }
    if (!origin.equals(Origin.REGISTRY.id())) {
      return SAME;
    }
    return answers.computeIfAbsent(
        new Base(name, image.label(ImageRecipe.BASE_DIGEST_LABEL).orElse(""), image.platform()),
        this::lookUp);
  }

  private Answer lookUp(Base base) {
    try {
      ImageReference reference = ImageReference.parse(base.name());
      if (reference.digest() != null) {
        return SAME;
      }
      return new CurrentVersions(registries.open(reference), cache)
          .moved(
              reference.effectiveTag().orElse("latest"),
              Digest.parse(base.digest()),
              base.platform())
          .map(now -> Answer.of(new Reason.NewBase(base.name(), base.digest(), now.toString())))
          .orElse(SAME);
    } catch (RegistryException e) {
      return Answer.of("the base could not be looked up: " + e.inOneLine());
    } catch (IllegalArgumentException e) {
      return Answer.of("the image's labels do not say what its base was: " + e.getMessage());
    }
  }
}

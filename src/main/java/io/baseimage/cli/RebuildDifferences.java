package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.inventory.Differences;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Published;
import io.baseimage.publish.RepositoryImages;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.util.List;
import java.util.Optional;

/**
 * What has changed from published images to what was built anew.
 *
 * @param images those of the repository
 * @param rule how the variant's versions are named
 */
record RebuildDifferences(
    RepositoryImages images, ImageReference repository, TagRule rule, Engine engine, RunLog log) {

  /** One for each platform; none for those of which none is published or can be read. */
  List<ImageDifference> of(CurrentVersion published, List<BuildOutcome> outcomes) {
    return outcomes.stream().flatMap(outcome -> difference(published, outcome).stream()).toList();
  }

  private Optional<ImageDifference> difference(CurrentVersion published, BuildOutcome outcome) {
    Optional<CurrentVersion.Image> its =
        published.images().stream()
            .filter(image -> image.platform().equals(outcome.image().platform()))
            .findFirst();
    String tag = published.version().map(ImageVersion::parse).map(rule::tag).orElse(null);
    return its.flatMap(
            image ->
                describe(
                    new ImageReference(repository.repository(), tag, image.manifest()),
                    image.platform()))
        .map(before -> Differences.between(before, onEngine(outcome)));
  }

  private ImageDescription onEngine(BuildOutcome outcome) {
    return new ImageDescription(
        outcome.names().get(0).toString(),
        ImageDescription.Place.ENGINE,
        outcome.image().id(),
        outcome.image().platform(),
        outcome.image().sizeBytes(),
        engine.configuration(outcome.image().id().toString()),
        Optional.of(outcome.inventory()));
  }

  /** The same to what was published of it: sizes are of one kind then. */
  List<ImageDifference> after(List<ImageDifference> built, Published now) {
    return built.stream()
        .map(
            each ->
                describe(now.name(), each.to().platform())
                    .map(published -> Differences.between(each.from(), published))
                    .orElse(each))
        .toList();
  }

  private Optional<ImageDescription> describe(ImageReference image, Platform platform) {
    try {
      return Optional.of(images.describe(image, Optional.of(platform)));
    } catch (RegistryException e) {
      log.warn("What has changed in " + image + " cannot be told: " + e.getMessage());
      return Optional.empty();
    }
  }
}

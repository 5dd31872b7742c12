package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an image is made of, besides its base and the distribution's packages: digests that are
 * another when that is. They are the image's labels, so that it can be told later which part has
 * changed; the label of all inputs together also changes with the base.
 *
 * @param variant of the variant's settings
 * @param recipe of the Dockerfile that the templates make of them
 * @param runtime of the files that the toolkit puts into the image, programs by their sources
 */
public record Fingerprints(Digest variant, Digest recipe, Digest runtime) {
  /** What the names of their labels begin with. */
  public static final String LABELS = "io.baseimage.fingerprint.";

  private static final String VARIANT = LABELS + "variant";
  private static final String RECIPE = LABELS + "recipe";
  private static final String RUNTIME = LABELS + "runtime";

  /** As an image has them; empty if it was built before there were any. */
  public static Optional<Fingerprints> of(Map<String, String> labels) {
    try {
      return Optional.of(
          new Fingerprints(
              Digest.parse(labels.getOrDefault(VARIANT, "")),
              Digest.parse(labels.getOrDefault(RECIPE, "")),
              Digest.parse(labels.getOrDefault(RUNTIME, ""))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As an image gets them. */
  Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    labels.put(VARIANT, variant.toString());
    labels.put(RECIPE, recipe.toString());
    labels.put(RUNTIME, runtime.toString());
    return labels;
  }
}

package io.baseimage.contract;

import io.baseimage.variant.Variant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the image before the first check.
 *
 * @param imageId the engine's id of it
 * @param created when its configuration says that it was made
 * @param labels its labels
 * @param environment its variables
 * @param entrypoint its entry point
 * @param command its default command
 * @param workingDirectory where its command starts
 * @param features what it has
 * @param noShell why no shell can be run in it, if the reason is not simply that it has none
 * @param emulated whether its programs are of another architecture than the engine's machine
 * @param variant the recipe it was built from, if the caller has named it
 */
record Facts(
    String imageId,
    String created,
    Map<String, String> labels,
    Map<String, String> environment,
    List<String> entrypoint,
    List<String> command,
    String workingDirectory,
    Set<Feature> features,
    Optional<String> noShell,
    boolean emulated,
    Optional<Variant> variant) {

  Facts {
    labels = Map.copyOf(labels);
    environment = Map.copyOf(environment);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    features = features.isEmpty() ? EnumSet.noneOf(Feature.class) : EnumSet.copyOf(features);
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** What is said of the image, which lacks this. */
  String absence(Feature feature) {
    return feature == Feature.SHELL ? noShell.orElse(feature.absence()) : feature.absence();
  }
}

package io.baseimage.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How containers of an image are run unless they are told otherwise.
 *
 * @param settings by what a Dockerfile calls them, for example {@code ENV PATH} or {@code CMD};
 *     lists are JSON, as a Dockerfile writes them
 */
public record ImageConfiguration(SortedMap<String, String> settings) {

  /** Copies the map and replaces control characters. */
  public ImageConfiguration {
    SortedMap<String, String> plain = new TreeMap<>();
    settings.forEach((name, value) -> plain.put(PlainText.of(name), PlainText.of(value)));
    settings = Collections.unmodifiableSortedMap(plain);
  }

  /**
   * Reads one.
   *
   * @param config the object of that name in the OCI image specification, which engines have under
   *     the name {@code Config}
   */
  public static ImageConfiguration of(JsonNode config) {
    SortedMap<String, String> settings = new TreeMap<>();
    for (JsonNode variable : config.path("Env")) {
      String[] parts = variable.asText().split("=", 2);
      settings.put("ENV " + parts[0], parts.length > 1 ? parts[1] : "");
    }
    each(config, "Labels", "LABEL", settings);
    each(config, "ExposedPorts", "EXPOSE", settings);
    each(config, "Volumes", "VOLUME", settings);
    one(config, "Entrypoint", "ENTRYPOINT", settings);
    one(config, "Cmd", "CMD", settings);
    one(config, "User", "USER", settings);
    one(config, "WorkingDir", "WORKDIR", settings);
    one(config, "StopSignal", "STOPSIGNAL", settings);
    one(config, "Shell", "SHELL", settings);
    one(config, "Healthcheck", "HEALTHCHECK", settings);
    one(config, "OnBuild", "ONBUILD", settings);
    return new ImageConfiguration(settings);
  }

  private static void each(
      JsonNode config, String key, String word, SortedMap<String, String> settings) {
    config
        .path(key)
        .properties()
        .forEach(entry -> settings.put(word + " " + entry.getKey(), entry.getValue().asText()));
  }

  /** Engines write what is not set as null, as empty or not at all. */
  private static void one(
      JsonNode config, String key, String word, SortedMap<String, String> settings) {
    JsonNode value = config.path(key);
    String text = value.isTextual() ? value.asText() : value.toString();
    if (!value.isNull() && !value.isMissingNode() && !text.isEmpty() && !text.equals("[]")) {
      settings.put(word, text);
    }
  }
}

package io.baseimage.pipeline;

import io.baseimage.variant.Variant;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells whether a base is of another distribution or release than the variant that is built on it.
 */
final class StandIn {
  /** The label of an image that is one, or is built on one; its value says what it is instead. */
  static final String LABEL = "io.baseimage.stand-in";

  private static final String OS_RELEASE = "/etc/os-release";
  private static final int LONGEST_NAME = 100;

  private StandIn() {}

  /**
   * What an image is instead of the variant's release, for example {@code Ubuntu 16.04.7 LTS};
   * empty if it is of that release, or does not say what it is (os-release(5)).
   */
  static Optional<String> in(Engine engine, EngineImage image, Variant variant) {
    String label = image.labels().getOrDefault(LABEL, "");
    if (!label.isBlank()) {
      return Optional.of(plain(label));
    }
    byte[] file = engine.readFiles(image.id().toString(), List.of(OS_RELEASE)).get(OS_RELEASE);
    if (file == null) {
      return Optional.empty();
    }
    Map<String, String> facts = parse(new String(file, StandardCharsets.UTF_8));
    String id = facts.getOrDefault("ID", "");
    String release = facts.getOrDefault("VERSION_ID", "");
    if (id.equals(variant.distribution().osReleaseId()) && release.equals(variant.release())) {
      return Optional.empty();
    }
    return Optional.of(plain(facts.getOrDefault("PRETTY_NAME", id + " " + release)));
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> facts = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        facts.put(
            line.substring(0, equals),
            line.substring(equals + 1).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
      }
    }
    return facts;
  }

  private static String plain(String name) {
    String line =
        name.codePoints()
            .map(c -> Character.isISOControl(c) ? ' ' : c)
            .limit(LONGEST_NAME)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip();
    return line.isEmpty() ? "an unknown system" : line;
  }
}

package io.baseimage.pipeline;

import io.baseimage.variant.Variant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether a base is of another distribution or release than the variant that is built on it.
 */
final class StandIn {
  /** The label of an image that is one, or is built on one; its value says what it is instead. */
  static final String LABEL = "io.baseimage.stand-in";

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
    byte[] file =
        engine.readFiles(image.id().toString(), List.of(OsRelease.PATH)).get(OsRelease.PATH);
    if (file == null) {
      return Optional.empty();
    }
    OsRelease system = OsRelease.parse(new String(file, StandardCharsets.UTF_8));
    if (system.id().equals(variant.distribution().osReleaseId())
        && system.versionId().equals(variant.release())) {
      return Optional.empty();
    }
    return Optional.of(plain(system.prettyName()));
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

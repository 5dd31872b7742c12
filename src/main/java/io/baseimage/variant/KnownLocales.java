package io.baseimage.variant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The locales that glibc can make, by language and territory: {@code en_US}. */
final class KnownLocales {
  private static final String RESOURCE = "locales";

  private KnownLocales() {}

  static boolean contains(String name) {
    // First, because most variants say one of these and the list is longer.
    return name.equals("C") || name.equals("en_US") || all().contains(name);
  }

  /** The nearest names, as an ending of a complaint. */
  static String hint(String name) {
    return NearestNames.hint(name, all());
  }

  private static Set<String> all() {
    try (InputStream in = KnownLocales.class.getResourceAsStream(RESOURCE)) {
      return new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

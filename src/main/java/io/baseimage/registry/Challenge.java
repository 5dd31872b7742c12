package io.baseimage.registry;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry asks for in {@code WWW-Authenticate}.
 *
 * @param scheme {@code basic} or {@code bearer}
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
  // RFC 9110, 11.2: a scheme is a word that no '=' follows; values are words or quoted.
  private static final Pattern PART =
      Pattern.compile(
          "([A-Za-z0-9._~+-]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+)))?");

  /** The first challenge of a header that we can answer: of Bearer's kind if there is one. */
  static Optional<Challenge> parse(String header) {
    Map<String, Map<String, String>> found = new HashMap<>();
    Map<String, String> current = new HashMap<>();
    Matcher part = PART.matcher(header);
    while (part.find()) {
      String name = part.group(1).toLowerCase(Locale.ROOT);
      if (part.group(2) != null) {
        current.put(name, part.group(2).replaceAll("\\\\(.)", "$1"));
      } else if (part.group(3) != null) {
        current.put(name, part.group(3));
      } else {
        current = new HashMap<>();
        found.putIfAbsent(name, current);
      }
    }
    for (String scheme : new String[] {"bearer", "basic"}) {
      Map<String, String> parameters = found.get(scheme);
      if (parameters != null) {
        return Optional.of(new Challenge(scheme, Map.copyOf(parameters)));
      }
    }
    return Optional.empty();
  }

  boolean bearer() {
    return scheme.equals("bearer");
  }

  String get(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }
}

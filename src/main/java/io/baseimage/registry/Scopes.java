package io.baseimage.registry;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The scopes of tokens, as {@code repository:joe/app:pull,push}, with a space between two. */
final class Scopes {
  private Scopes() {}

  /**
   * What all of these allow, in their order; the actions on one resource are one scope.
   *
   * @param scopes each any number of scopes
   */
  static String union(String... scopes) {
    Map<String, Set<String>> actions = new LinkedHashMap<>();
    for (String scope : list(String.join(" ", scopes))) {
      // The name in the middle may have a port.
      int last = scope.lastIndexOf(':');
      String resource = scope.substring(0, Math.max(last, 0));
      actions
          .computeIfAbsent(resource, any -> new LinkedHashSet<>())
          .addAll(List.of(scope.substring(last + 1).split(",", -1)));
    }
    return actions.entrySet().stream()
        .map(
            entry ->
                (entry.getKey().isEmpty() ? "" : entry.getKey() + ":")
                    + String.join(",", entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** One by one. */
  static List<String> list(String scopes) {
    return scopes.isBlank() ? List.of() : List.of(scopes.strip().split(" +", -1));
  }
}

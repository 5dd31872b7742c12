package io.baseimage.variant;

import io.baseimage.variant.Node.Place;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one file. */
final class Problems {
  private final Path file;
  private final Set<Problem> found = new LinkedHashSet<>();

  Problems(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  void add(Place place, String path, String message) {
    found.add(new Problem(file, place.line(), place.column(), path, message));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Problem> byPlace() {
    return found.stream().sorted(Problem.BY_PLACE).toList();
  }
}

package io.baseimage.variant;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document that knows where it stands. */
sealed interface Node {

  /** Where it begins. */
  Place place();

  /**
   * A place in a file.
   *
   * @param line from 1
   * @param column in characters, from 1
   */
  record Place(int line, int column) {
    static final Place WHOLE_FILE = new Place(0, 0);
  }

  /** What a scalar looks like to YAML. */
  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    NOTHING
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes: {@code 24.10} stays {@code 24.10}
   */
  record Scalar(Place place, Kind kind, String text) implements Node {}

  /** A list. */
  record Sequence(Place place, List<Node> items) implements Node {}

  /** A map, in the order of its file. */
  record Mapping(Place place, Map<String, Entry> entries) implements Node {}

  /**
   * A value of a map.
   *
   * @param keyPlace where its key begins
   */
  record Entry(Place keyPlace, Node value) {}

  /** Something that was reported already, so that nothing more is said about it. */
  record Refused(Place place) implements Node {}
}

package io.baseimage.variant;

import io.baseimage.variant.Node.Mapping;
import io.baseimage.variant.Node.Scalar;
import io.baseimage.variant.Node.Sequence;

/** Says what was found, short enough for a line. */
final class Found {
  private static final int MAX_LENGTH = 60;

  private Found() {}

  static String of(Node node) {
    if (node instanceof Scalar scalar) {
      return switch (scalar.kind()) {
        case NOTHING -> "nothing";
        case NUMBER -> "the number " + scalar.text();
        case BOOLEAN, TEXT -> quoted(scalar.text());
      };
    }
    return node instanceof Mapping ? "a map" : node instanceof Sequence ? "a list" : "something";
  }

  /** The text in quotes, cut where it is long, with control characters made visible. */
  static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    int length = text.codePointCount(0, text.length());
    text.codePoints().limit(MAX_LENGTH).forEach(c -> appendVisible(shown, c));
    return shown.append(length > MAX_LENGTH ? "…'" : "'").toString();
  }

  private static void appendVisible(StringBuilder shown, int c) {
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      default -> {
        if (Character.isISOControl(c)) {
          shown.append(String.format("\\x%02x", c));
        } else {
          shown.appendCodePoint(c);
        }
      }
    }
  }
}

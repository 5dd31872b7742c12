package io.baseimage.variant;

import io.baseimage.variant.Node.Entry;
import io.baseimage.variant.Node.Kind;
import io.baseimage.variant.Node.Mapping;
import io.baseimage.variant.Node.Refused;
import io.baseimage.variant.Node.Scalar;
import io.baseimage.variant.Node.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map with known fields. Its readers give null for a field that is absent or wrong; what is wrong
 * has been reported then.
 */
final class Section {
  private final Mapping mapping;
  private final String path;
  private final Problems problems;

  private Section(Mapping mapping, String path, Problems problems) {
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
  }

  /** Reports each field that is none of the known ones. */
  static Section of(Mapping mapping, String path, Set<String> known, Problems problems) {
    Section section = new Section(mapping, path, problems);
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              if (!known.contains(name)) {
                String hint = NearestNames.hint(name, known);
                problems.add(
                    entry.keyPlace(),
                    section.pathOf(name),
                    "unknown field"
                        + (hint.isEmpty()
                            ? "; expected one of " + String.join(", ", known)
                            : hint));
              }
            });
    return section;
  }

  @Nullable String text(String field, TextRule rule) {
    Node value = value(field);
    return value == null ? null : words(value, pathOf(field), rule);
  }

  /** A text that may look like a number to YAML, as releases do. */
  @Nullable String asWritten(String field, TextRule rule) {
    Node value = value(field);
    return value == null ? null : scalar(value, pathOf(field), rule);
  }

  /** A text that ends in one line end or more, as YAML's block texts do, is taken without them. */
  @Nullable String line(String field) {
    Node value = value(field);
    if (value instanceof Scalar scalar) {
      value = new Scalar(scalar.place(), scalar.kind(), scalar.text().strip());
    }
    return value == null ? null : scalar(value, pathOf(field), Syntax.LINE);
  }

  @Nullable Boolean flag(String field) {
    Node value = value(field);
    if (value == null) {
      return null;
    }
    if (value instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN) {
      switch (scalar.text()) {
        case "true", "True", "TRUE" -> {
          return true;
        }
        case "false", "False", "FALSE" -> {
          return false;
        }
        default -> {}
      }
    }
    expect("true or false (without quotes)", value, pathOf(field));
    return null;
  }

  <T> @Nullable T choice(String field, Map<String, T> choices) {
    String expected = String.join(", ", choices.keySet()).replaceFirst(", ([^,]+)$", " or $1");
    String text =
        asWritten(
            field,
            found ->
                choices.containsKey(found)
                    ? Optional.empty()
                    : TextRule.complaint(
                        expected, found, NearestNames.hint(found, choices.keySet())));
    return text == null ? null : choices.get(text);
  }

  @Nullable List<String> texts(String field, TextRule rule) {
    Node value = value(field);
    if (!(value instanceof Sequence sequence)) {
      if (value != null) {
        boolean isWord = value instanceof Scalar scalar && scalar.text().matches("[^\\s,]+");
        String example = isWord ? ((Scalar) value).text() : "first, second";
        expect("a list such as [" + example + "]", value, pathOf(field));
      }
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      String text = words(sequence.items().get(i), pathOf(field) + "[" + i + "]", rule);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  @Nullable Map<String, String> map(String field, TextRule nameRule, TextRule valueRule) {
    Node value = value(field);
    if (!(value instanceof Mapping entries)) {
      if (value != null) {
        expect("a map such as {NAME: value}", value, pathOf(field));
      }
      return null;
    }
    Map<String, String> map = new LinkedHashMap<>();
    entries
        .entries()
        .forEach(
            (name, entry) -> {
              String entryPath = pathOf(field) + "." + name;
              nameRule
                  .complaint(name)
                  .ifPresent(complaint -> problems.add(entry.keyPlace(), entryPath, complaint));
              String text = scalar(entry.value(), entryPath, valueRule);
              if (text != null) {
                map.put(name, text);
              }
            });
    return map;
  }

  @Nullable Section section(String field, Set<String> known) {
    Node value = value(field);
    if (value instanceof Mapping inner) {
      return of(inner, pathOf(field), known, problems);
    }
    if (value != null) {
      expect("a map with " + String.join(", ", known), value, pathOf(field));
    }
    return null;
  }

  private @Nullable Node value(String field) {
    Entry entry = mapping.entries().get(field);
    return entry == null || entry.value() instanceof Refused ? null : entry.value();
  }

  private @Nullable String words(Node value, String valuePath, TextRule rule) {
    if (value instanceof Scalar scalar
        && (scalar.kind() == Kind.BOOLEAN || scalar.kind() == Kind.NUMBER)) {
      expect("a text (in quotes, if it is meant)", value, valuePath);
      return null;
    }
    return scalar(value, valuePath, rule);
  }

  private @Nullable String scalar(Node value, String valuePath, TextRule rule) {
    if (value instanceof Refused) {
      return null;
    }
    if (!(value instanceof Scalar scalar)) {
      String hint = value instanceof Mapping map ? hintOnText(map) : "";
      expect("a text" + hint, value, valuePath);
      return null;
    }
    if (scalar.kind() == Kind.NOTHING) {
      boolean mayBeEmpty = rule.complaint("").isEmpty();
      expect(mayBeEmpty ? "a text (\"\" for an empty one)" : "a text", value, valuePath);
      return null;
    }
    Optional<String> complaint = rule.complaint(scalar.text());
    complaint.ifPresent(message -> problems.add(scalar.place(), valuePath, message));
    return complaint.isPresent() ? null : scalar.text();
  }

  /** The usual causes of a map: an unquoted text with a colon, or in braces. */
  private static String hintOnText(Mapping map) {
    boolean isWordInBraces =
        map.entries().values().stream()
            .allMatch(
                entry -> entry.value() instanceof Scalar scalar && scalar.kind() == Kind.NOTHING);
    return isWordInBraces
        ? " (in quotes, if it begins with '{')"
        : " (in quotes, if it has ': ' in it)";
  }

  private void expect(String expected, Node found, String foundPath) {
    problems.add(found.place(), foundPath, "expected " + expected + ", found " + Found.of(found));
  }

  private String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}

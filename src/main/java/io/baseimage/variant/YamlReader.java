package io.baseimage.variant;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.baseimage.variant.Node.Entry;
import io.baseimage.variant.Node.Kind;
import io.baseimage.variant.Node.Mapping;
import io.baseimage.variant.Node.Place;
import io.baseimage.variant.Node.Refused;
import io.baseimage.variant.Node.Scalar;
import io.baseimage.variant.Node.Sequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the plain part of YAML (maps, lists and scalars, one document, no anchors, no tags) into a
 * tree with places. Bounds on size and depth keep a hostile file cheap.
 */
final class YamlReader {
  /** In bytes. A recipe takes a few hundred. */
  static final int MAX_SIZE = 256 * 1024;

  /** Of lists and maps in each other. A recipe needs three. */
  static final int MAX_DEPTH = 8;

  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final JsonParser parser;
  private final int[] source;
  private final Problems problems;

  private YamlReader(JsonParser parser, int[] source, Problems problems) {
    this.parser = parser;
    this.source = source;
    this.problems = problems;
  }

  /** The document's map, or nothing if a problem kept it from being read. */
  static Optional<Mapping> read(Path file, Problems problems) {
    Optional<String> text = text(file, problems);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try (JsonParser parser = FACTORY.createParser(text.get())) {
      return new YamlReader(parser, text.get().codePoints().toArray(), problems).document();
    } catch (JsonProcessingException e) {
      YamlErrors.report(e, problems);
      return Optional.empty();
    } catch (IOException e) {
      problems.add(Place.WHOLE_FILE, "", "cannot be read: " + e);
      return Optional.empty();
    }
  }

  private static Optional<String> text(Path file, Problems problems) {
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        problems.add(Place.WHOLE_FILE, "", "is a folder; expected a YAML file");
        return Optional.empty();
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // To open a pipe is to wait for its other end.
        problems.add(Place.WHOLE_FILE, "", "is no regular file; expected a YAML file");
        return Optional.empty();
      }
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_SIZE + 1);
      }
    } catch (NoSuchFileException e) {
      problems.add(Place.WHOLE_FILE, "", "no such file");
      return Optional.empty();
    } catch (IOException e) {
      problems.add(Place.WHOLE_FILE, "", "cannot be read: " + e);
      return Optional.empty();
    }
    if (bytes.length > MAX_SIZE) {
      problems.add(
          Place.WHOLE_FILE, "", "is larger than " + MAX_SIZE / 1024 + " KiB; is it a variant?");
      return Optional.empty();
    }
    return decoded(bytes, problems);
  }

  private static Optional<String> decoded(byte[] bytes, Problems problems) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      problems.add(Place.WHOLE_FILE, "", "is not UTF-8 text; save it in that encoding");
      return Optional.empty();
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t' && c != '\u0085') {
        problems.add(
            new Place(line, column),
            "",
            String.format("found the control character U+%04X; YAML has none", (int) c));
        return Optional.empty();
      }
      column = c == '\n' ? 1 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      line += c == '\n' ? 1 : 0;
    }
    return Optional.of(text);
  }

  private Optional<Mapping> document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      problems.add(
          new Place(1, 1),
          "",
          "the file is empty; expected at least 'extends: NAME', or distribution, release and"
              + " codename");
      return Optional.empty();
    }
    Node root = node("", 1);
    if (parser.nextToken() != null) {
      problems.add(place(), "", "found a second document; expected one variant in each file");
    }
    if (root instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    if (!(root instanceof Refused)) {
      problems.add(
          root.place(), "", "expected fields such as 'packages:', found " + Found.of(root));
    }
    return Optional.empty();
  }

  private Node node(String path, int depth) throws IOException {
    Place place = place();
    if (isRefused(path)) {
      parser.skipChildren();
      return new Refused(place);
    }
    if (parser.currentToken().isStructStart() && depth > MAX_DEPTH) {
      problems.add(place, path, "is nested more than " + MAX_DEPTH + " levels deep");
      parser.skipChildren();
      return new Refused(place);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(place, path, depth);
      case START_ARRAY -> sequence(place, path, depth);
      case VALUE_NULL -> new Scalar(place, Kind.NOTHING, "");
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(place, Kind.BOOLEAN, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(place, Kind.NUMBER, parser.getText());
      default -> new Scalar(place, Kind.TEXT, parser.getText());
    };
  }

  private Mapping mapping(Place place, String path, int depth) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place keyPlace = place();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      boolean refused = isRefused(keyPath);
      parser.nextToken();
      Node value = node(keyPath, depth + 1);
      Entry earlier = entries.get(key);
      if (earlier != null) {
        problems.add(
            keyPlace, keyPath, "is there twice; the first is on line " + earlier.keyPlace().line());
      } else {
        entries.put(key, new Entry(keyPlace, refused ? new Refused(keyPlace) : value));
      }
    }
    return new Mapping(place, entries);
  }

  private Sequence sequence(Place place, String path, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path + "[" + items.size() + "]", depth + 1));
    }
    return new Sequence(place, items);
  }

  /** Anchors, aliases and tags show in the first character; a plain text cannot begin with it. */
  private boolean isRefused(String path) {
    long offset = parser.currentTokenLocation().getCharOffset();
    int first = offset >= 0 && offset < source.length ? source[(int) offset] : ' ';
    String what =
        switch (first) {
          case '&', '*' -> "anchors and aliases (& and *)";
          case '!' -> "tags (!)";
          default -> "";
        };
    if (what.isEmpty()) {
      return false;
    }
    problems.add(
        place(),
        path,
        what
            + " are not read; write the value itself, in quotes if it begins with '"
            + Character.toString(first)
            + "', and share recipes by 'extends'");
    return true;
  }

  private Place place() {
    return YamlErrors.place(parser.currentTokenLocation());
  }
}

package io.baseimage.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Where two images begin to differ: in a layer, or else in the configuration. */
public final class FirstDifference {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 120;

  private FirstDifference() {}

  /**
   * Says it in words.
   *
   * @param one an image
   * @param other an image to compare it with
   * @param last what the names of labels begin with that are looked at last, in that order: digests
   *     of what else there is, which tell least
   * @return for example {@code layer 2, etc/shadow: the content is another one}; empty if they are
   *     the same
   * @throws IOException if a layer cannot be read
   */
  public static Optional<String> between(SavedImage one, SavedImage other, List<String> last)
      throws IOException {
    int both = Math.min(one.layers().size(), other.layers().size());
    for (int i = 0; i < both; i++) {
      Optional<String> inside = inLayer(one.layers().get(i), other.layers().get(i));
      if (inside.isPresent()) {
        return Optional.of("layer " + (i + 1) + ", " + inside.get());
      }
    }
    if (one.layers().size() != other.layers().size()) {
      return Optional.of(one.layers().size() + " layers, and " + other.layers().size());
    }
    for (int i = 0; i < last.size(); i++) {
      List<String> later = last.subList(i, last.size());
      Optional<String> inside =
          inConfig(without(later, one.config()), without(later, other.config()));
      if (inside.isPresent()) {
        return inside;
      }
    }
    return inConfig(JSON.readTree(one.config()), JSON.readTree(other.config()));
  }

  /** A configuration without the labels whose names begin with any of these. */
  private static JsonNode without(List<String> prefixes, byte[] config) throws IOException {
    JsonNode root = JSON.readTree(config);
    if (root.path("config").path("Labels") instanceof ObjectNode labels) {
      List<String> names = new ArrayList<>();
      labels.fieldNames().forEachRemaining(names::add);
      labels.remove(
          names.stream().filter(name -> prefixes.stream().anyMatch(name::startsWith)).toList());
    }
    return root;
  }

  private static Optional<String> inLayer(Path one, Path other) throws IOException {
    if (Files.mismatch(one, other) < 0) {
      return Optional.empty();
    }
    SortedMap<String, SortedMap<String, String>> ones = files(one);
    SortedMap<String, SortedMap<String, String>> others = files(other);
    NavigableSet<String> names = new TreeSet<>(ones.keySet());
    names.addAll(others.keySet());
    for (String name : names) {
      SortedMap<String, String> here = ones.get(name);
      SortedMap<String, String> there = others.get(name);
      if (here == null || there == null) {
        return Optional.of(name + ": only in the " + (here == null ? "second" : "first"));
      }
      for (String what : here.keySet()) {
        if (!here.get(what).equals(there.get(what))) {
          return Optional.of(
              name + ": " + what + " " + here.get(what) + ", and " + there.get(what));
        }
      }
    }
    return Optional.of("the same files in another order, or written in another way");
  }

  private static SortedMap<String, SortedMap<String, String>> files(Path layer) throws IOException {
    SortedMap<String, SortedMap<String, String>> files = new TreeMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(layer));
        TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("type", Character.toString(entry.getLinkFlag()));
        facts.put("mode", Integer.toOctalString(entry.getMode()));
        facts.put("owner", entry.getLongUserId() + ":" + entry.getLongGroupId());
        facts.put("link to", "'" + entry.getLinkName() + "'");
        facts.put("time", entry.getLastModifiedTime().toString());
        facts.put("attributes", entry.getExtraPaxHeaders().toString());
        if (entry.isFile()) {
          Digest content = Digest.of(tar.readAllBytes());
          facts.put("content", entry.getSize() + " bytes " + content.abbreviated());
        }
        files.put(entry.getName(), facts);
      }
    }
    return files;
  }

  private static Optional<String> inConfig(JsonNode one, JsonNode other) {
    List<String> path = new ArrayList<>();
    Optional<String> found = inTree(one, other, path);
    return found.map(words -> "the configuration, " + String.join(".", path) + ": " + words);
  }

  private static Optional<String> inTree(
      @Nullable JsonNode one, @Nullable JsonNode other, List<String> path) {
    if (one != null && one.equals(other)) {
      return Optional.empty();
    }
    if (one == null || other == null) {
      return Optional.of("only in the " + (one == null ? "second" : "first"));
    }
    if (one.isObject() && other.isObject()) {
      NavigableSet<String> names = new TreeSet<>();
      one.fieldNames().forEachRemaining(names::add);
      other.fieldNames().forEachRemaining(names::add);
      return first(names, name -> one.get(name), name -> other.get(name), path);
    }
    if (one.isArray() && other.isArray()) {
      List<String> numbers = new ArrayList<>();
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        numbers.add(Integer.toString(i));
      }
      return first(
          numbers,
          at -> one.get(Integer.parseInt(at)),
          at -> other.get(Integer.parseInt(at)),
          path);
    }
    return Optional.of(shortened(one) + ", and " + shortened(other));
  }

  private interface Part {
    @Nullable JsonNode of(String name);
  }

  private static Optional<String> first(
      Iterable<String> names, Part ones, Part others, List<String> path) {
    for (String name : names) {
      path.add(name);
      Optional<String> found = inTree(ones.of(name), others.of(name), path);
      if (found.isPresent()) {
        return found;
      }
      path.remove(path.size() - 1);
    }
    return Optional.empty();
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}

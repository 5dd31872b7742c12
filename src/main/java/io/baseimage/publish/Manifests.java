package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Manifests and indexes as the OCI image specification, release 1.1, has them. The same content
 * gives the same bytes.
 */
final class Manifests {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** What the specification has in the place of a blob that says nothing. */
  static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifests() {}

  /** One image's. */
  static Manifest image(StoredImage image, Map<String, String> annotations) {
    ObjectNode root = root(MANIFEST);
    root.set("config", descriptor(CONFIG, image.config(), image.configSize()));
    ArrayNode layers = root.putArray("layers");
    for (StoredImage.Layer layer : image.layers()) {
      layers.add(descriptor(LAYER, layer.digest(), layer.size()));
    }
    return written(root, annotations);
  }

  /**
   * An index of images for several platforms.
   *
   * @param platforms of each manifest
   */
  static Manifest index(
      List<Manifest> manifests, List<Platform> platforms, Map<String, String> annotations) {
    ObjectNode root = root(INDEX);
    ArrayNode entries = root.putArray("manifests");
    for (int i = 0; i < manifests.size(); i++) {
      Manifest manifest = manifests.get(i);
      ObjectNode entry =
          descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length);
      ObjectNode platform = entry.putObject("platform");
      platform.put("architecture", platforms.get(i).architecture());
      platform.put("os", platforms.get(i).os());
      entries.add(entry);
    }
    return written(root, annotations);
  }

  /** A manifest without an image, which is there for its annotations. */
  static Manifest note(String artifactType, Map<String, String> annotations) {
    ObjectNode root = root(MANIFEST);
    root.put("artifactType", artifactType);
    ObjectNode empty = descriptor(EMPTY_TYPE, Digest.of(EMPTY), EMPTY.length);
    root.set("config", empty);
    root.putArray("layers").add(empty);
    return written(root, annotations);
  }

  /** The same as an image that has nothing in it. */
  static Manifest emptyImage(byte[] config, byte[] layer, Map<String, String> annotations) {
    ObjectNode root = root(MANIFEST);
    root.set("config", descriptor(CONFIG, Digest.of(config), config.length));
    root.putArray("layers").add(descriptor(LAYER, Digest.of(layer), layer.length));
    return written(root, annotations);
  }

  /**
   * A file that belongs to another manifest, its subject.
   *
   * @param artifactType of the file and of the whole
   */
  static Manifest artifact(
      String artifactType, byte[] file, Manifest subject, Map<String, String> annotations) {
    ObjectNode root = root(MANIFEST);
    root.put("artifactType", artifactType);
    root.set("config", descriptor(EMPTY_TYPE, Digest.of(EMPTY), EMPTY.length));
    root.putArray("layers").add(descriptor(artifactType, Digest.of(file), file.length));
    root.set("subject", descriptor(subject.mediaType(), subject.digest(), subject.bytes().length));
    return written(root, annotations);
  }

  /** The list that stands in for a registry's, with one artifact. */
  static Manifest referrers(Manifest artifact) {
    ObjectNode root = root(INDEX);
    root.putArray("manifests");
    return withReferrer(root, artifact);
  }

  /** Such a list with one artifact more. */
  static Manifest withReferrer(ObjectNode index, Manifest artifact) {
    ObjectNode root = index.deepCopy();
    ObjectNode entry = descriptor(artifact.mediaType(), artifact.digest(), artifact.bytes().length);
    JsonNode its = read(artifact);
    entry.set("artifactType", its.path("artifactType"));
    entry.set("annotations", its.path("annotations"));
    root.withArray("manifests").add(entry);
    return bytes(root);
  }

  /** The first layer of a kind. */
  static Optional<Digest> layer(Manifest manifest, String mediaType) {
    for (JsonNode layer : read(manifest).path("layers")) {
      if (layer.path("mediaType").asText().equals(mediaType)) {
        return Optional.of(Digest.parse(layer.path("digest").asText()));
      }
    }
    return Optional.empty();
  }

  /** An image of an index. */
  record Entry(Platform platform, Digest digest) {}

  /** The images of an index; none of one image's manifest. */
  static List<Entry> entries(Manifest manifest) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : read(manifest).path("manifests")) {
      JsonNode platform = entry.path("platform");
      String os = platform.path("os").asText();
      // Attestations and the like are for no platform, which is written as unknown.
      if (!os.isEmpty() && !os.equals("unknown")) {
        entries.add(
            new Entry(
                new Platform(os, platform.path("architecture").asText()),
                Digest.parse(entry.path("digest").asText())));
      }
    }
    return entries;
  }

  /** The platforms of an index; none of one image's manifest, which does not say it. */
  static List<Platform> platforms(Manifest manifest) {
    return entries(manifest).stream().map(Entry::platform).toList();
  }

  /** The configuration of one image's manifest; nothing if it is an index, or no image's. */
  static Optional<Digest> config(Manifest manifest) {
    String digest = read(manifest).path("config").path("digest").asText();
    return digest.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(digest));
  }

  /** What an image's configuration says that it runs on. */
  static Platform platform(byte[] config) {
    JsonNode root = read(new Manifest("", config));
    return new Platform(
        root.path("os").asText("linux"), root.path("architecture").asText("unknown"));
  }

  /** The JSON; an empty node if it is none. */
  static JsonNode read(Manifest manifest) {
    try {
      return JSON.readTree(manifest.bytes());
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static ObjectNode root(String mediaType) {
    return JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", mediaType);
  }

  private static ObjectNode descriptor(String mediaType, Digest digest, long size) {
    return JSON.createObjectNode()
        .put("mediaType", mediaType)
        .put("digest", digest.toString())
        .put("size", size);
  }

  private static Manifest written(ObjectNode root, Map<String, String> annotations) {
    ObjectNode notes = root.putObject("annotations");
    annotations.forEach(notes::put);
    return bytes(root);
  }

  private static Manifest bytes(ObjectNode root) {
    try {
      return new Manifest(root.get("mediaType").asText(), JSON.writeValueAsBytes(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.baseimage.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An image's configuration that says nothing of the engine and the moment of its making. It has the
 * fields of the OCI image specification, and of Docker's what changes how containers run.
 */
public final class ReproducibleConfig {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OF_THE_IMAGE =
      List.of("architecture", "variant", "os", "os.version", "os.features", "author");
  // The image that it was built on, the container that it was built in, and what is nothing there.
  private static final List<String> OF_THE_BUILD =
      List.of(
          "Image",
          "Hostname",
          "Domainname",
          "AttachStdin",
          "AttachStdout",
          "AttachStderr",
          "Tty",
          "OpenStdin",
          "StdinOnce");
  private static final Pattern ARGUMENTS = Pattern.compile("^\\|\\d+ .*? (?=/bin/sh -c )");
  // The labels and the runtime's files are in the image itself, and may be exchanged by themselves.
  private static final Pattern VALUES =
      Pattern.compile("(#\\(nop\\) +(?:LABEL|ARG BASEIMAGE_CREATED|COPY)\\b).*", Pattern.DOTALL);

  private ReproducibleConfig() {}

  /**
   * Makes one of what an engine has built.
   *
   * @param base when the base was made; younger steps are those of this build
   * @param created the time that the image and the steps of its build are of
   * @param labels to be set besides
   * @param diffIds the digests of all layers
   * @throws IOException if it is no configuration
   */
  public static byte[] of(
      byte[] built, Instant base, Instant created, Map<String, String> labels, List<Digest> diffIds)
      throws IOException {
    JsonNode from = JSON.readTree(built);
    ObjectNode config = JSON.createObjectNode();
    config.put("created", created.toString());
    for (String field : OF_THE_IMAGE) {
      if (from.hasNonNull(field)) {
        config.set(field, from.get(field));
      }
    }
    config.set("config", run(from.path("config"), labels));
    rootfs(config, diffIds);
    ArrayNode history = config.putArray("history");
    for (JsonNode step : from.path("history")) {
      history.add(step(step, base, created));
    }
    return JSON.writeValueAsBytes(config);
  }

  /**
   * The same image's with another last layer.
   *
   * @param labels to be set in the place of those of the same names
   * @throws IOException if it was not made here, byte for byte
   */
  public static byte[] withLastLayer(byte[] config, Map<String, String> labels, Digest diffId)
      throws IOException {
    if (!(JSON.readTree(config) instanceof ObjectNode root)
        || !Arrays.equals(JSON.writeValueAsBytes(root), config)
        || !(root.path("config") instanceof ObjectNode run)
        || !(root.path("rootfs").path("diff_ids") instanceof ArrayNode diffIds)
        || diffIds.isEmpty()
        || root.has("container_config")) {
      throw new IOException("its configuration is not one that depends on its inputs alone");
    }
    root.set("config", run(run, labels));
    diffIds.set(diffIds.size() - 1, diffId.toString());
    return JSON.writeValueAsBytes(root);
  }

  /** That of an image that is one layer, made by this toolkit. */
  public static byte[] ofRootfs(
      Platform platform, Instant created, List<String> command, Digest diffId, String comment) {
    ObjectNode config = JSON.createObjectNode();
    config.put("created", created.toString());
    config.put("architecture", platform.architecture());
    config.put("os", platform.os());
    ArrayNode words = config.putObject("config").putArray("Cmd");
    command.forEach(words::add);
    rootfs(config, List.of(diffId));
    ObjectNode step = config.putArray("history").addObject();
    step.put("created", created.toString());
    step.put("comment", comment);
    return bytes(config);
  }

  private static void rootfs(ObjectNode config, List<Digest> diffIds) {
    ObjectNode rootfs = config.putObject("rootfs");
    rootfs.put("type", "layers");
    ArrayNode layers = rootfs.putArray("diff_ids");
    diffIds.forEach(diffId -> layers.add(diffId.toString()));
  }

  /** In the order of the fields' names. */
  private static ObjectNode run(JsonNode from, Map<String, String> labels) {
    TreeMap<String, JsonNode> fields = new TreeMap<>();
    from.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    fields.keySet().removeAll(OF_THE_BUILD);
    fields.values().removeIf(JsonNode::isNull);
    TreeMap<String, String> all = new TreeMap<>();
    from.path("Labels")
        .properties()
        .forEach(label -> all.put(label.getKey(), label.getValue().asText()));
    all.putAll(labels);
    if (!all.isEmpty()) {
      ObjectNode object = JSON.createObjectNode();
      all.forEach(object::put);
      fields.put("Labels", object);
    }
    ObjectNode run = JSON.createObjectNode();
    fields.forEach(run::set);
    return run;
  }

  private static ObjectNode step(JsonNode from, Instant base, Instant created) {
    ObjectNode step = JSON.createObjectNode();
    Instant made = time(from.path("created").asText(), created);
    step.put("created", (made.isAfter(base) || made.isAfter(created) ? created : made).toString());
    String by = from.path("created_by").asText("");
    if (!by.isEmpty()) {
      // The arguments name the base by this engine's id of it.
      String words = ARGUMENTS.matcher(by).replaceFirst("");
      boolean isOurs = made.isAfter(base);
      step.put("created_by", isOurs ? VALUES.matcher(words).replaceFirst("$1") : words);
    }
    for (String field : List.of("author", "comment")) {
      if (!from.path(field).asText("").isEmpty()) {
        step.set(field, from.get(field));
      }
    }
    if (from.path("empty_layer").asBoolean()) {
      step.put("empty_layer", true);
    }
    return step;
  }

  private static Instant time(String text, Instant otherwise) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return otherwise;
    }
  }

  private static byte[] bytes(ObjectNode config) {
    try {
      return JSON.writeValueAsBytes(config);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a tree is JSON", e);
    }
  }
}

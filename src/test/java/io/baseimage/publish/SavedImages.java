package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An engine that has images as {@code docker save} writes them, and does nothing but that. */
public final class SavedImages {
  private final Map<String, byte[]> archives = new ConcurrentHashMap<>();

  /** The engine. */
  public Engine engine() {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("export")) {
                throw new UnsupportedOperationException(method.getName());
              }
              byte[] archive = Objects.requireNonNull(archives.get((String) arguments[0]));
              @SuppressWarnings("unchecked")
              Function<InputStream, Object> reader = (Function<InputStream, Object>) arguments[1];
              return reader.apply(new ByteArrayInputStream(archive));
            });
  }

  /** From now on the engine has none of them. */
  public void forget() {
    archives.clear();
  }

  /** An image as {@code docker load} reads it. */
  public byte[] archive(EngineImage image) {
    return Objects.requireNonNull(archives.get(image.id().toString()));
  }

  /** Makes an image with a layer for each content, of one file each. */
  public EngineImage add(Platform platform, String... contents) {
    return add(platform, Map.of(), contents);
  }

  /** The same with labels. */
  public EngineImage add(Platform platform, Map<String, String> labels, String... contents) {
    try {
      List<byte[]> layers = new ArrayList<>();
      for (String content : contents) {
        layers.add(tar(Map.of("file", content.getBytes(StandardCharsets.UTF_8))));
      }
      List<Digest> diffIds = layers.stream().map(Digest::of).toList();
      byte[] config =
          """
          {"architecture":"%s","os":"%s","config":{"Labels":{%s}},"rootfs":{"type":"layers","diff_ids":[%s]}}"""
              .formatted(
                  platform.architecture(),
                  platform.os(),
                  labels.entrySet().stream()
                      .map(label -> "\"%s\":\"%s\"".formatted(label.getKey(), label.getValue()))
                      .collect(Collectors.joining(",")),
                  diffIds.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",")))
              .getBytes(StandardCharsets.UTF_8);
      Digest id = Digest.of(config);
      Map<String, byte[]> files = new ConcurrentHashMap<>();
      files.put("config.json", config);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        names.add("\"" + i + "/layer.tar\"");
        files.put(i + "/layer.tar", layers.get(i));
      }
      files.put(
          "manifest.json",
          "[{\"Config\":\"config.json\",\"Layers\":[%s]}]"
              .formatted(String.join(",", names))
              .getBytes(StandardCharsets.UTF_8));
      archives.put(id.toString(), tar(files));
      return new EngineImage(id, List.of(), List.of(), platform, 1, Instant.EPOCH, labels, diffIds);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }
}

package io.baseimage.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** An image as {@code docker save} gives it, unpacked. */
public final class SavedImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_TEXT = 4 * 1024 * 1024;

  private final byte[] config;
  private final List<Path> layers;

  private SavedImage(byte[] config, List<Path> layers) {
    this.config = config;
    this.layers = List.copyOf(layers);
  }

  /** The configuration's bytes. */
  public byte[] config() {
    return config.clone();
  }

  /** A tar file for each, from the base up; a layer that is there twice is one file. */
  public List<Path> layers() {
    return layers;
  }

  /**
   * Unpacks an archive of one image, in any of the forms that engines have.
   *
   * @param folder where the layers go
   * @throws IOException if it cannot be read or written, or is no such archive
   */
  public static SavedImage read(InputStream archive, Path folder) throws IOException {
    Map<String, Path> files = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName();
        // A link is a file, too, to this library.
        if (entry.isSymbolicLink()) {
          links.put(name, Path.of(name).resolveSibling(entry.getLinkName()).normalize().toString());
        } else if (entry.isFile()) {
          Path file = folder.resolve("file" + files.size());
          Files.copy(tar, file);
          files.put(name, file);
        }
      }
    }
    JsonNode image = JSON.readTree(text(files.get("manifest.json"), "manifest.json")).path(0);
    List<Path> layers = new ArrayList<>();
    for (JsonNode layer : image.path("Layers")) {
      String name = layer.asText();
      layers.add(required(files.get(links.getOrDefault(name, name)), name));
    }
    String config = image.path("Config").asText();
    return new SavedImage(text(files.get(config), config), layers);
  }

  private static byte[] text(@Nullable Path file, String name) throws IOException {
    Path there = required(file, name);
    if (Files.size(there) > LARGEST_TEXT) {
      throw new IOException(name + " of the archive is larger than any that is used");
    }
    return Files.readAllBytes(there);
  }

  private static Path required(@Nullable Path file, String name) throws IOException {
    if (file == null) {
      throw new IOException("the archive of the image has no " + name);
    }
    return file;
  }
}

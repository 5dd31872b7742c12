package io.baseimage.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An image for an engine to load. */
public final class ImageArchive {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] config;
  private final List<Layer> layers;

  /**
   * A layer.
   *
   * @param diffId the digest of the tar file
   * @param tar the file; empty where the engine is known to have the layer, which it then looks for
   *     by its digest
   */
  public record Layer(Digest diffId, Optional<Path> tar) {}

  /**
   * Of these parts.
   *
   * @param config the configuration's bytes
   * @param layers from the base up
   */
  public ImageArchive(byte[] config, List<Layer> layers) {
    this.config = config.clone();
    this.layers = List.copyOf(layers);
  }

  /** The configuration's bytes. */
  public byte[] config() {
    return config.clone();
  }

  /** From the base up. */
  public List<Layer> layers() {
    return layers;
  }

  /** The digest of the configuration, which many engines have for the image's id. */
  public Digest id() {
    return Digest.of(config);
  }

  /**
   * Writes it in the form that {@code docker load} has always read.
   *
   * @param name what the image is called once it is loaded
   * @throws IOException if a layer cannot be read or the stream not written
   */
  public void write(ImageReference name, OutputStream out) throws IOException {
    String configName = id().hex() + ".json";
    ArrayNode manifest = JSON.createArrayNode();
    ObjectNode image = manifest.addObject();
    image.put("Config", configName);
    image.putArray("RepoTags").add(name.repository() + ":" + name.effectiveTag().orElse("latest"));
    ArrayNode names = image.putArray("Layers");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      Set<Digest> written = new HashSet<>();
      for (Layer layer : layers) {
        String file = layer.diffId().hex() + "/layer.tar";
        names.add(file);
        if (layer.tar().isPresent() && written.add(layer.diffId())) {
          TarArchiveEntry entry = new TarArchiveEntry(file);
          entry.setSize(Files.size(layer.tar().get()));
          tar.putArchiveEntry(entry);
          Files.copy(layer.tar().get(), tar);
          tar.closeArchiveEntry();
        }
      }
      write(tar, configName, config);
      write(tar, "manifest.json", JSON.writeValueAsBytes(manifest));
    }
  }

  private static void write(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}

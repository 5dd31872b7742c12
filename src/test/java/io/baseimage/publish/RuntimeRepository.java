package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.archive.KnownParts;
import io.baseimage.archive.ReproducibleLayer;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.inventory.CycloneDx;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RuntimeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A repository in memory with images of two layers, as builds make them: one of packages, and one
 * of the toolkit's own files.
 */
public final class RuntimeRepository {
  /** The packages in all of them. */
  public static final List<InstalledPackage> PACKAGES =
      List.of(new InstalledPackage("libc6", "2.36-9", "amd64"));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant MODIFIED = Instant.parse("2020-01-01T00:00:00Z");

  final FakeRegistry.Contents contents = new FakeRegistry.Contents();
  final CycloneDx format = new CycloneDx("1");
  private final Path folder;

  /**
   * An empty one.
   *
   * @param folder for files
   */
  public RuntimeRepository(Path folder) {
    this.folder = folder;
    contents.lists = true;
  }

  /** The repository. */
  public Registry registry() {
    return new FakeRegistry(contents, new PublisherQueueTest.Virtual(), Duration.ZERO, 1);
  }

  /** The documents that are attached to its images. */
  public CycloneDx format() {
    return format;
  }

  /** The repository's tags. */
  public List<String> tags() {
    return List.copyOf(contents.tags.keySet());
  }

  /** Builds an image for each platform, and publishes them under a tag. */
  public void publish(String tag, Map<Platform, ImageRecipe.Rendered> builds) {
    List<Manifest> manifests = new ArrayList<>();
    builds.forEach((platform, build) -> manifests.add(stored(build(platform, build))));
    Manifest index =
        manifests.size() == 1
            ? manifests.get(0)
            : Manifests.index(manifests, List.copyOf(builds.keySet()), Map.of());
    contents.manifests.put(index.digest(), index);
    contents.tags.put(tag, index.digest());
  }

  /** An image and its parts. */
  static final class Build {
    private final Platform platform;
    private final byte[] config;
    private final List<byte[]> layers;
    private final List<Digest> diffIds;
    private final byte[] sbom;

    /** Of these; the layers are compressed, and from the base up. */
    Build(
        Platform platform, byte[] config, List<byte[]> layers, List<Digest> diffIds, byte[] sbom) {
      this.platform = platform;
      this.config = config;
      this.layers = layers;
      this.diffIds = diffIds;
      this.sbom = sbom;
    }

    Digest id() {
      return Digest.of(config);
    }

    Platform platform() {
      return platform;
    }

    byte[] config() {
      return config;
    }

    List<byte[]> layers() {
      return layers;
    }

    List<Digest> diffIds() {
      return diffIds;
    }

    byte[] sbom() {
      return sbom;
    }
  }

  Build build(Platform platform, ImageRecipe.Rendered rendered) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    TreeSet<String> executables = new TreeSet<>();
    rendered.runtime(
        (path, content, executable) -> {
          files.put(path, content);
          if (executable) {
            executables.add(path);
          }
        });
    byte[] packages = tar(Map.of("var/lib/dpkg/status", "libc6".getBytes(UTF_8)), executables);
    Path runtime = folder.resolve("built-runtime");
    try {
      Path plain = Files.write(folder.resolve("plain"), tar(files, executables));
      ReproducibleLayer.write(plain, MODIFIED, "", runtime);
      List<byte[]> tars = List.of(packages, Files.readAllBytes(runtime));
      List<Digest> diffIds = tars.stream().map(Digest::of).toList();
      List<byte[]> layers = new ArrayList<>();
      for (byte[] tar : tars) {
        layers.add(KnownParts.compressed(Files.write(plain, tar)));
      }
      byte[] config = config(platform, rendered.labels(), diffIds);
      return new Build(
          platform, config, layers, diffIds, sbom(platform, config, rendered.labels(), files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] sbom(
      Platform platform, byte[] config, Map<String, String> labels, Map<String, byte[]> files) {
    List<RuntimeFile> runtime = new ArrayList<>();
    new TreeMap<>(files)
        .forEach(
            (path, content) -> {
              if (!("/" + path).equals(ImageRecipe.RUNTIME_LIST)) {
                runtime.add(new RuntimeFile("/" + path, Digest.of(content)));
              }
            });
    return format.write(
        new EngineImage(
            Digest.of(config), List.of(), List.of(), platform, 0, MODIFIED, labels, List.of()),
        new Inventory(
            new OsRelease("debian", "12", "Debian 12"),
            Optional.of(PackageFormat.DEB),
            PACKAGES,
            runtime));
  }

  private static byte[] config(Platform platform, Map<String, String> labels, List<Digest> diffIds)
      throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("created", MODIFIED.toString());
    config.put("architecture", platform.architecture());
    config.put("os", platform.os());
    config.put(
        "config",
        new TreeMap<>(
            Map.of("Cmd", List.of("/usr/sbin/my_init"), "Labels", new TreeMap<>(labels))));
    config.put(
        "rootfs",
        new TreeMap<>(
            Map.of("type", "layers", "diff_ids", diffIds.stream().map(Digest::toString).toList())));
    config.put("history", List.of());
    return JSON.writeValueAsBytes(config);
  }

  /** Puts it into the repository, with its SBOM, and gives its manifest. */
  Manifest stored(Build build) {
    List<StoredImage.Layer> layers = new ArrayList<>();
    for (int i = 0; i < build.layers().size(); i++) {
      byte[] layer = build.layers().get(i);
      contents.blobs.put(Digest.of(layer), layer);
      layers.add(
          new StoredImage.Layer(
              build.diffIds().get(i), Digest.of(layer), layer.length, Optional.empty()));
    }
    contents.blobs.put(build.id(), build.config());
    Manifest manifest =
        Manifests.image(
            new StoredImage(
                build.platform(), build.id(), build.config().length, Optional.empty(), layers),
            Map.of());
    contents.manifests.put(manifest.digest(), manifest);
    contents.blobs.put(Digest.of(build.sbom()), build.sbom());
    Manifest attached = Manifests.artifact(format.mediaType(), build.sbom(), manifest, Map.of());
    contents.manifests.put(attached.digest(), attached);
    return manifest;
  }

  private static byte[] tar(Map<String, byte[]> files, Set<String> executables) {
    TreeMap<String, byte[]> entries = new TreeMap<>();
    files.forEach(
        (path, content) -> {
          for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            entries.put(path.substring(0, slash + 1), new byte[0]);
          }
          entries.put(path, content);
        });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(entries, executables, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(
      Map<String, byte[]> entries, Set<String> executables, OutputStream bytes) throws IOException {
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        boolean runs = entry.isDirectory() || executables.contains(file.getKey());
        entry.setMode((entry.isDirectory() ? 040000 : 0100000) | (runs ? 0755 : 0644));
        entry.setModTime(FileTime.from(MODIFIED));
        entry.setSize(file.getValue().length);
        out.putArchiveEntry(entry);
        out.write(file.getValue());
        out.closeArchiveEntry();
      }
    }
  }
}

package io.baseimage.rebuild;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What an image is to those who run it: its files and its settings. The times of files, logs and
 * caches of the installation, and labels that tell of the build, are not part of it.
 */
final class ImageContent {
  /** Written anew by each installation, or given by the engine to each container. */
  private static final List<String> NOISE =
      List.of(
          "/dev/",
          "/proc/",
          "/sys/",
          "/run/",
          "/tmp/",
          "/var/tmp/",
          "/var/log/",
          "/var/cache/",
          "/var/lib/apt/",
          "/var/lib/dnf/",
          "/var/lib/yum/",
          "/var/lib/rpm/",
          "/usr/lib/sysimage/rpm/",
          "/var/lib/systemd/catalog/database",
          "/.dockerenv",
          "/etc/hostname",
          "/etc/hosts",
          "/etc/machine-id",
          "/etc/mtab",
          "/etc/resolv.conf");

  /** Has the day of the last change of each password. */
  private static final List<String> SHADOW = List.of("/etc/shadow", "/etc/shadow-");

  /** Of the build and not of what was built. */
  private static final List<String> LABELS =
      List.of(
          "LABEL org.opencontainers.image.created",
          "LABEL org.opencontainers.image.revision",
          "LABEL org.opencontainers.image.source",
          "LABEL org.opencontainers.image.base.",
          "LABEL io.baseimage.base.",
          "LABEL io.baseimage.inputs",
          "LABEL io.baseimage.fingerprint.");

  private ImageContent() {}

  /**
   * The first thing that is not the same in two images of an engine; empty if they have the same
   * content.
   */
  static Optional<String> difference(Engine engine, EngineImage one, EngineImage other) {
    Optional<String> setting = difference(settings(engine, one), settings(engine, other));
    if (setting.isPresent() || one.layers().equals(other.layers())) {
      return setting;
    }
    return difference(files(engine, one), files(engine, other));
  }

  private static Optional<String> difference(Map<String, String> one, Map<String, String> other) {
    TreeSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names.stream()
        .filter(name -> !one.getOrDefault(name, "").equals(other.getOrDefault(name, "")))
        .findFirst();
  }

  private static Map<String, String> settings(Engine engine, EngineImage image) {
    Map<String, String> settings =
        new HashMap<>(engine.configuration(image.id().toString()).settings());
    settings.keySet().removeIf(name -> LABELS.stream().anyMatch(name::startsWith));
    return settings;
  }

  private static SortedMap<String, String> files(Engine engine, EngineImage image) {
    return engine.fileSystem(image.id().toString(), ImageContent::files);
  }

  /** Each file of an archive, with all that counts of it. */
  static SortedMap<String, String> files(InputStream archive) {
    SortedMap<String, String> files = new TreeMap<>();
    try {
      TarArchiveInputStream tar = new TarArchiveInputStream(archive);
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = "/" + entry.getName().replaceFirst("^(?:\\./|/)+", "").replaceFirst("/$", "");
        // What an installation leaves behind is in files; the folders are part of the image.
        if (!isNoise(path) || entry.isDirectory()) {
          files.put(path, facts(path, entry, tar));
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("reading the files of an image", e);
    }
  }

  private static boolean isNoise(String path) {
    return path.contains("/__pycache__")
        || NOISE.stream()
            .anyMatch(noise -> noise.endsWith("/") ? path.startsWith(noise) : path.equals(noise));
  }

  private static String facts(String path, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException {
    String facts =
        "%c %o %d:%d"
            .formatted(
                (char) entry.getLinkFlag(),
                entry.getMode() & 07777,
                entry.getLongUserId(),
                entry.getLongGroupId());
    // Capabilities of programs, for example.
    SortedMap<String, String> attributes = new TreeMap<>(entry.getExtraPaxHeaders());
    attributes.keySet().removeIf(name -> !name.startsWith("SCHILY.xattr."));
    facts += attributes.isEmpty() ? "" : " " + attributes;
    if (entry.isSymbolicLink() || entry.isLink()) {
      return facts + " " + entry.getLinkName();
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      return facts + " " + entry.getDevMajor() + ":" + entry.getDevMinor();
    }
    return entry.isFile() ? facts + " " + digest(path, tar) : facts;
  }

  private static Digest digest(String path, InputStream content) throws IOException {
    if (SHADOW.contains(path)) {
      String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return Digest.of(
          text.lines()
              .map(line -> line.replaceFirst("^([^:]*:[^:]*:)[0-9]*", "$1"))
              .collect(Collectors.joining("\n"))
              .getBytes(StandardCharsets.UTF_8));
    }
    MessageDigest sum = Digest.sha256();
    // Not closed: the archive goes on.
    new DigestInputStream(content, sum).transferTo(java.io.OutputStream.nullOutputStream());
    return Digest.ofSum(sum.digest());
  }
}

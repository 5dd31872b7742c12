package io.baseimage.archive;

import io.baseimage.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A layer whose bytes depend on its files and on one time: nothing in it is younger than that, and
 * of users and groups there are numbers only. What a build leaves of its own day is in {@code
 * /etc/shadow}, too: the day on which each password was changed.
 */
public final class ReproducibleLayer {
  private static final Set<String> SHADOW = Set.of("etc/shadow", "./etc/shadow");
  private static final String XATTR = "SCHILY.xattr.";
  private static final int SHADOW_CHANGED = 2;
  private static final long SECONDS_OF_DAY = 86_400;
  private static final int LARGEST_SHADOW = 4 * 1024 * 1024;

  private ReproducibleLayer() {}

  /**
   * Writes one from a tar file.
   *
   * @param newest the time that no file is younger than afterwards
   * @param dated a folder in the layer that gets this very time, so that it can be read again
   * @return the digest of what was written
   * @throws IOException if a file cannot be read or written
   */
  public static Digest write(Path layer, Instant newest, String dated, Path written)
      throws IOException {
    MessageDigest sum = Digest.sha256();
    try (TarArchiveInputStream in = open(layer);
        TarArchiveOutputStream out =
            new TarArchiveOutputStream(
                new DigestOutputStream(Files.newOutputStream(written), sum),
                StandardCharsets.UTF_8.name())) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(true);
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        copy(entry, in, newest, dated, out);
      }
    }
    return Digest.ofSum(sum.digest());
  }

  private static void copy(
      TarArchiveEntry entry,
      InputStream content,
      Instant newest,
      String dated,
      TarArchiveOutputStream out)
      throws IOException {
    InputStream in = content;
    TarArchiveEntry written = same(entry);
    if (entry.isFile() && SHADOW.contains(entry.getName()) && entry.getSize() < LARGEST_SHADOW) {
      byte[] shadow = shadow(content.readAllBytes(), newest);
      written.setSize(shadow.length);
      in = new ByteArrayInputStream(shadow);
    }
    Instant modified = entry.getLastModifiedTime().toInstant();
    boolean isDated = modified.isAfter(newest) || entry.getName().equals(dated + "/");
    Instant then = isDated ? newest : modified;
    written.setModTime(FileTime.from(Instant.ofEpochSecond(then.getEpochSecond())));
    out.putArchiveEntry(written);
    in.transferTo(out);
    out.closeArchiveEntry();
  }

  /** A header of its own: the old one has times and names in its extensions. */
  private static TarArchiveEntry same(TarArchiveEntry entry) {
    TarArchiveEntry same = new TarArchiveEntry(entry.getName(), entry.getLinkFlag(), true);
    same.setMode(entry.getMode());
    same.setIds(Math.toIntExact(entry.getLongUserId()), Math.toIntExact(entry.getLongGroupId()));
    same.setNames("", "");
    same.setLinkName(entry.getLinkName());
    same.setSize(entry.isFile() ? entry.getSize() : 0);
    if (entry.isBlockDevice() || entry.isCharacterDevice()) {
      same.setDevMajor(entry.getDevMajor());
      same.setDevMinor(entry.getDevMinor());
    }
    new TreeMap<>(entry.getExtraPaxHeaders())
        .forEach(
            (name, value) -> {
              if (name.startsWith(XATTR)) {
                same.addPaxHeader(name, value);
              }
            });
    return same;
  }

  private static byte[] shadow(byte[] content, Instant newest) {
    long day = newest.getEpochSecond() / SECONDS_OF_DAY;
    String text = new String(content, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > SHADOW_CHANGED
          && fields[SHADOW_CHANGED].matches("[0-9]{1,9}")
          && Long.parseLong(fields[SHADOW_CHANGED]) > day) {
        fields[SHADOW_CHANGED] = Long.toString(day);
      }
      lines.add(String.join(":", fields));
    }
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * When a folder in a layer was changed last.
   *
   * @param folder its path in the image, without a slash at its beginning
   * @throws IOException if the layer cannot be read
   */
  public static Optional<Instant> modified(Path layer, String folder) throws IOException {
    try (TarArchiveInputStream in = open(layer)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.isDirectory() && entry.getName().equals(folder + "/")) {
          return Optional.of(entry.getLastModifiedTime().toInstant());
        }
      }
      return Optional.empty();
    }
  }

  /**
   * The newest file in a layer that is older than a moment: what packages bring keeps the time of
   * its making, and what their installation makes has that of the build.
   *
   * @throws IOException if the layer cannot be read
   */
  public static Optional<Instant> newestBefore(Path layer, Instant moment) throws IOException {
    Optional<Instant> newest = Optional.empty();
    try (TarArchiveInputStream in = open(layer)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Instant modified = entry.getLastModifiedTime().toInstant();
        if (modified.isBefore(moment) && newest.filter(modified::isBefore).isEmpty()) {
          newest = Optional.of(modified);
        }
      }
    }
    return newest.map(time -> Instant.ofEpochSecond(time.getEpochSecond()));
  }

  private static TarArchiveInputStream open(Path layer) throws IOException {
    return new TarArchiveInputStream(
        new java.io.BufferedInputStream(Files.newInputStream(layer), 1 << 16),
        StandardCharsets.UTF_8.name());
  }
}

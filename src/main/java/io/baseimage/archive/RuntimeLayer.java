package io.baseimage.archive;

import io.baseimage.image.Digest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The layer of an image that has the toolkit's own files, as {@link ReproducibleLayer} has written
 * it, and the one that takes its place. What the folders are in which the files lie is known from
 * the old layer alone: of the packages below nothing is read.
 */
public final class RuntimeLayer {
  private static final int TYPE = ~07777;

  // In these nobody but the toolkit has files, but for what the packages' steps make there.
  private static final String OWN = "usr/lib/baseimage/";
  private static final Set<String> OWN_OF_STEPS =
      Set.of("package-lists", "no-start", "rsyslog-version");
  private static final String SERVICES = "etc/service/";
  private static final String SUPERVISE = "supervise";

  /** A folder's entries come after it and before its next neighbour. */
  private static final Comparator<String> WALK =
      Comparator.comparing((String name) -> name.replace('/', '\0'));

  private final Map<String, TarArchiveEntry> folders = new TreeMap<>();
  private final Map<String, Digest> files = new TreeMap<>();
  private final TarArchiveEntry model;

  private RuntimeLayer(byte[] tar, String list) throws IOException {
    TarArchiveEntry listEntry = null;
    byte[] sums = {};
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.isDirectory()) {
          folders.put(entry.getName(), entry);
        } else if (entry.getLinkFlag() == TarConstants.LF_NORMAL) {
          byte[] content = in.readAllBytes();
          files.put(entry.getName(), Digest.of(content));
          if (entry.getName().equals(list)) {
            listEntry = entry;
            sums = content;
          }
        } else {
          throw new IOException("its last layer has " + entry.getName() + ", which is no file");
        }
      }
    }
    if (listEntry == null) {
      throw new IOException("its last layer is not the runtime: it has no " + list);
    }
    this.model = listEntry;
    requireListed(list, new String(sums, StandardCharsets.UTF_8));
  }

  /**
   * Reads one.
   *
   * @param tar the layer
   * @param list the path of its list of files, in the form of sha256sum(1)
   * @throws IOException if it cannot be read, or has other files than its list says
   */
  public static RuntimeLayer read(byte[] tar, String list) throws IOException {
    return new RuntimeLayer(tar, list);
  }

  /** A link among the packages may have led a file to another place than the list says. */
  private void requireListed(String list, String sums) throws IOException {
    Map<String, Digest> listed = new TreeMap<>();
    for (String line : sums.lines().toList()) {
      if (!line.matches("[0-9a-f]{64}  /.+")) {
        throw new IOException("the list of its runtime is not one of sha256sum");
      }
      listed.put(line.substring(67), new Digest(line.substring(0, 64)));
    }
    Map<String, Digest> others = new TreeMap<>(files);
    others.remove(list);
    if (!others.equals(listed)) {
      Set<String> different = new TreeSet<>();
      others.forEach((name, digest) -> add(different, name, !digest.equals(listed.get(name))));
      listed.forEach((name, digest) -> add(different, name, !digest.equals(others.get(name))));
      throw new IOException(
          "its last layer is not what its list says: /" + different.iterator().next());
    }
  }

  private static void add(Set<String> names, String name, boolean isOne) {
    if (isOne) {
      names.add(name);
    }
  }

  /** The digest of each file, by its path in the image, without a slash at its beginning. */
  public Map<String, Digest> files() {
    return Map.copyOf(files);
  }

  /** The files that take the place of those that are there. */
  public static final class Exchange {
    private final Map<String, byte[]> contents = new TreeMap<>();
    private final Set<String> executables = new TreeSet<>();

    /** Adds a file, by its path in the image, without a slash at its beginning. */
    public void add(String path, byte[] content, boolean executable) {
      contents.put(path, content.clone());
      if (executable) {
        executables.add(path);
      }
    }

    /** The digest of each file, by its path. */
    public Map<String, Digest> digests() {
      Map<String, Digest> digests = new TreeMap<>();
      contents.forEach((path, content) -> digests.put(path, Digest.of(content)));
      return digests;
    }
  }

  /**
   * Writes the layer that a build with these files has on the same packages.
   *
   * @param folder a temporary one
   * @return the digest of what was written
   * @throws IOException if it cannot be written, or if a file would be in a folder of which it is
   *     not known what the packages have there
   */
  public Digest write(Exchange now, Path folder, Path written) throws IOException {
    Map<String, TarArchiveEntry> entries = new TreeMap<>(WALK);
    for (Map.Entry<String, byte[]> file : now.contents.entrySet()) {
      addFolders(file.getKey(), entries);
      TarArchiveEntry entry =
          entry(file.getKey(), TarConstants.LF_NORMAL, now.executables.contains(file.getKey()));
      entry.setSize(file.getValue().length);
      entries.put(file.getKey(), entry);
    }
    Path plain = folder.resolve("runtime.tar");
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(
            new BufferedOutputStream(Files.newOutputStream(plain)),
            StandardCharsets.UTF_8.name())) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (TarArchiveEntry entry : entries.values()) {
        out.putArchiveEntry(entry);
        out.write(now.contents.getOrDefault(entry.getName(), new byte[0]));
        out.closeArchiveEntry();
      }
    }
    // By the way of all layers, so that it is written like them.
    Digest digest =
        ReproducibleLayer.write(plain, model.getLastModifiedTime().toInstant(), "", written);
    Files.delete(plain);
    return digest;
  }

  private void addFolders(String path, Map<String, TarArchiveEntry> entries) throws IOException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String name = path.substring(0, slash + 1);
      TarArchiveEntry old = folders.get(name);
      if (old == null && !isOwn(name)) {
        throw new IOException(
            "the new file /" + path + " is in a folder of which only the packages know what it is");
      }
      entries.putIfAbsent(name, old == null ? entry(name, TarConstants.LF_DIR, true) : old);
    }
  }

  /** Whether the packages have nothing by that name, be it a link. */
  private boolean isOwn(String name) {
    if (name.startsWith(OWN) && folders.containsKey(OWN)) {
      return !OWN_OF_STEPS.contains(name.substring(OWN.length(), name.indexOf('/', OWN.length())));
    }
    int service = name.startsWith(SERVICES) ? name.indexOf('/', SERVICES.length()) : -1;
    return service > 0
        && folders.containsKey(name.substring(0, service + 1))
        && !name.startsWith(SUPERVISE + "/", service + 1);
  }

  private TarArchiveEntry entry(String name, byte flag, boolean executable) {
    TarArchiveEntry entry = new TarArchiveEntry(name, flag, true);
    int type = flag == TarConstants.LF_DIR ? folderType() : model.getMode() & TYPE;
    entry.setMode(type | (executable ? 0755 : 0644));
    entry.setIds(Math.toIntExact(model.getLongUserId()), Math.toIntExact(model.getLongGroupId()));
    entry.setModTime(FileTime.from(model.getLastModifiedTime().toInstant()));
    return entry;
  }

  /** Some engines write what a file is into its mode, too. */
  private int folderType() {
    return folders.values().stream().mapToInt(each -> each.getMode() & TYPE).findFirst().orElse(0);
  }
}

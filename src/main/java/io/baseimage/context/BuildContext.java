package io.baseimage.context;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A build context whose bytes depend on nothing but its files: names in byte order, owner 0:0, the
 * modes 0644 and 0755, one modification time.
 */
public final class BuildContext {
  private final SortedMap<String, Entry> entries;
  private final Instant modified;

  private BuildContext(SortedMap<String, Entry> entries, Instant modified) {
    this.entries = Collections.unmodifiableSortedMap(entries);
    this.modified = modified;
  }

  private static final class Entry {
    private final byte[] content;
    private final boolean executable;

    Entry(byte[] content, boolean executable) {
      this.content = content;
      this.executable = executable;
    }

    int mode() {
      return executable ? 0755 : 0644;
    }
  }

  /** Starts an empty context whose files were all modified at that time. */
  public static Builder builder(Instant modified) {
    return new Builder(modified);
  }

  /** Takes a file of a context. */
  @FunctionalInterface
  public interface FileTaker {
    /**
     * Takes it.
     *
     * @param name its path below the folder that was asked for
     */
    void take(String name, byte[] content, boolean executable);
  }

  /**
   * Gives the files below a folder, in the order of their names.
   *
   * @param folder ending in a slash
   */
  public void files(String folder, FileTaker taker) {
    entries.forEach(
        (name, entry) -> {
          if (name.startsWith(folder)) {
            taker.take(name.substring(folder.length()), entry.content.clone(), entry.executable);
          }
        });
  }

  /** The digest of the tar. */
  public Digest digest() {
    var sum = Digest.sha256();
    try (var out = new java.security.DigestOutputStream(OutputStream.nullOutputStream(), sum)) {
      writeTar(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return Digest.ofSum(sum.digest());
  }

  /**
   * Writes the context as a POSIX tar.
   *
   * @throws IOException if the stream cannot be written
   */
  public void writeTar(OutputStream out) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    var names = new TreeSet<>(entries.keySet());
    for (String name : entries.keySet()) {
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        names.add(name.substring(0, slash + 1));
      }
    }
    for (String name : names) {
      Entry entry = entries.get(name);
      TarArchiveEntry header = new TarArchiveEntry(name);
      header.setModTime(FileTime.from(modified));
      header.setIds(0, 0);
      header.setNames("", "");
      header.setMode(entry == null ? 0755 : entry.mode());
      header.setSize(entry == null ? 0 : entry.content.length);
      tar.putArchiveEntry(header);
      if (entry != null) {
        tar.write(entry.content);
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
    tar.flush();
  }

  /**
   * Writes the context as files below an existing folder, with the modes and times of the tar.
   *
   * @throws IOException if a file cannot be written
   */
  public void writeDirectory(Path directory) throws IOException {
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      Path file = directory.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue().content);
      Files.setPosixFilePermissions(
          file,
          PosixFilePermissions.fromString(entry.getValue().executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
    FileTime time = FileTime.from(modified);
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.setLastModifiedTime(file, time);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setLastModifiedTime(folder, time);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Collects a context's files. */
  public static final class Builder {
    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final Instant modified;

    private Builder(Instant modified) {
      this.modified = modified;
    }

    /**
     * Adds a file.
     *
     * @param name its path in the context, relative, with slashes
     * @throws IllegalArgumentException if there is such a file already
     */
    public Builder file(String name, byte[] content, boolean executable) {
      if (name.startsWith("/") || Path.of(name).normalize().startsWith("..")) {
        throw new IllegalArgumentException("not a path inside a context: " + name);
      }
      if (entries.putIfAbsent(name, new Entry(content.clone(), executable)) != null) {
        throw new IllegalArgumentException("two files want to be " + name);
      }
      return this;
    }

    /**
     * Adds the files below a folder, executable where they are so on the disk.
     *
     * @param prefix where in the context they go, ending in a slash
     * @throws IOException if a file cannot be read
     */
    public Builder tree(String prefix, Path folder) throws IOException {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              String name = folder.relativize(file).toString().replace('\\', '/');
              file(prefix + name, Files.readAllBytes(file), Files.isExecutable(file));
              return FileVisitResult.CONTINUE;
            }
          });
      return this;
    }

    /**
     * Adds a list of the files below a folder, as sha256sum(1) writes it, with their paths from
     * there.
     *
     * @param folder the folder in the context, ending in a slash
     * @param name the list's path in that folder
     */
    public Builder sums(String folder, String name) {
      StringBuilder list = new StringBuilder();
      entries
          .tailMap(folder)
          .forEach(
              (path, entry) -> {
                if (path.startsWith(folder)) {
                  list.append(Digest.of(entry.content).hex())
                      .append("  /")
                      .append(path.substring(folder.length()))
                      .append('\n');
                }
              });
      return file(folder + name, list.toString().getBytes(StandardCharsets.UTF_8), false);
    }

    /** The finished context. */
    public BuildContext build() {
      return new BuildContext(new TreeMap<>(entries), modified);
    }
  }
}

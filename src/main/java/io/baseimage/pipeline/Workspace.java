package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folders that runs share and the locks between them.
 *
 * @param cache what can be made again, for example compiled programs
 * @param state what has to be remembered, for example locks
 * @param temporary where temporary folders go
 */
public record Workspace(Path cache, Path state, Path temporary) {
  private static final int LONGEST_FILE_NAME = 200;
  private static final Pattern SPECIAL = Pattern.compile("[^A-Za-z0-9.-]");

  /** A temporary folder, gone with everything in it when it is closed. */
  public static final class TemporaryDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    /** Closing any channel of a file gives up this process's locks on it: these are left alone. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path whole;
    private final FileChannel lock;

    private TemporaryDirectory(Path whole, FileChannel lock) throws IOException {
      this.whole = whole;
      this.lock = lock;
      Files.createDirectory(path());
    }

    /** Makes one that no other run takes for one that was left. */
    private static TemporaryDirectory make(Path parent, String prefix) throws IOException {
      while (true) {
        Path whole = Files.createTempDirectory(parent, prefix);
        OWN.add(whole);
        Path file = whole.resolve(LOCK);
        FileChannel lock =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // Another run may have seen it before it was locked, and be removing it.
        if (tryLock(lock) && Files.exists(file)) {
          return new TemporaryDirectory(whole, lock);
        }
        lock.close();
        OWN.remove(whole);
      }
    }

    /** The folder, which is empty at first. */
    public Path path() {
      return whole.resolve("files");
    }

    /** Removes one whose run is no more: the lock of a run that was killed is gone with it. */
    private static void removeIfLeft(Path whole) {
      Path file = whole.resolve(LOCK);
      if (OWN.contains(whole) || !Files.isRegularFile(file)) {
        return;
      }
      try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (tryLock(lock)) {
          deleteTree(whole);
        }
      } catch (IOException e) {
        // Somebody else's, or another run removes it at this moment.
        return;
      }
    }

    @Override
    public void close() {
      try {
        deleteTree(whole);
        lock.close();
        OWN.remove(whole);
      } catch (IOException e) {
        throw new UncheckedIOException("Tried to remove the temporary folder " + whole, e);
      }
    }
  }

  /**
   * Makes a temporary folder; throws {@link OutputException} when there is no place for it. The
   * place itself is not made, as mktemp does not make it: nobody would remove it. Folders that runs
   * left behind which were killed are removed.
   */
  public TemporaryDirectory temporaryDirectory(String purpose) {
    try {
      if (!Files.isDirectory(temporary)) {
        throw new FileSystemException(
            temporary.toString(), null, "there is no such folder; let TMPDIR name one that is");
      }
      String prefix = "baseimage-build-" + purpose + "-";
      try (DirectoryStream<Path> before = Files.newDirectoryStream(temporary, prefix + "*")) {
        before.forEach(TemporaryDirectory::removeIfLeft);
      }
      return TemporaryDirectory.make(temporary, prefix);
    } catch (IOException e) {
      throw new OutputException("make a temporary folder", temporary, e);
    }
  }

  /**
   * Does something while no other process of this user does it, and waits for that.
   *
   * @param name what is done, a name that all processes give it
   */
  public <T> T alone(String name, RunLog log, Supplier<T> work) {
    Path file = state.resolve("locks").resolve(fileName(name));
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new OutputException("make a place for locks", file, e);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      waitFor(channel, file, log);
      return work.get();
    } catch (ClosedByInterruptException | InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("waiting for another run");
    } catch (IOException e) {
      throw new OutputException("take the lock", file, e);
    }
  }

  /** Other characters become their numbers, so that no two names are one file's. */
  private static String fileName(String name) {
    String file =
        SPECIAL.matcher(name).replaceAll(each -> "_%x_".formatted((int) each.group().charAt(0)));
    return file.length() <= LONGEST_FILE_NAME
        ? file
        : Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static void waitFor(FileChannel channel, Path file, RunLog log)
      throws IOException, InterruptedException {
    boolean told = false;
    while (!tryLock(channel)) {
      if (!told) {
        log.info("Waiting for another run that holds " + file.getFileName());
        told = true;
      }
      Thread.sleep(50);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process holds it.
      return false;
    }
  }

  /** Removes a folder and what is in it; links are removed, not followed. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}

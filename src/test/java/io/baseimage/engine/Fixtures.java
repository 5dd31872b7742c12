package io.baseimage.engine;

import com.github.dockerjava.api.model.Container;
import io.baseimage.archive.RootfsImage;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.BuildRequest;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.RecordingLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** What the engine's tests share. */
final class Fixtures {
  private Fixtures() {}

  /** The engine that tests run on. */
  static Engine engine(Path state) {
    return new EngineLocator(
            new Surroundings(
                System.getenv(), Path.of(System.getProperty("user.home")), state, true))
        .locate(new RecordingLog());
  }

  static ImageReference uniqueName() {
    return ImageReference.parse("he/test:" + UUID.randomUUID());
  }

  /** A base with nothing but this machine's shell and sleep, so that no registry is needed. */
  static EngineImage importBase(Engine engine, Path folder, ImageReference name)
      throws IOException, InterruptedException {
    Path rootfs = folder.resolve("rootfs.tar");
    Process tar =
        new ProcessBuilder(
                "sh",
                "-c",
                "p='/bin/sh /bin/sleep /bin/dd'; tar -C / --dereference -cf \"$0\" $(for f in $p;"
                    + " do echo $f; ldd $f | grep -o '/[^ ]*'; done | sort -u | cut -c2-)",
                rootfs.toString())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new IOException("no base could be made of this machine's shell");
    }
    return importBase(engine, rootfs, name, engine.info().platform());
  }

  /** An image of one layer. */
  static EngineImage importBase(Engine engine, Path rootfs, ImageReference name, Platform platform)
      throws IOException {
    return engine.load(
        RootfsImage.write(rootfs, Instant.now(), name, platform, List.of("sh")), name, platform);
  }

  static BuildRequest request(
      Path folder, ImageReference name, Platform platform, String... dockerfile)
      throws IOException {
    return new BuildRequest(
        tar(
            folder.resolve(name.tag() + ".tar"),
            Map.of("Dockerfile", String.join("\n", dockerfile))),
        name,
        platform,
        Optional.empty(),
        Map.of());
  }

  static Path tar(Path file, Map<String, String> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, String> each : files.entrySet()) {
        byte[] content = each.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  /** The containers, running or not, that were made from an image or from what is built on it. */
  static List<String> containersOf(Engine engine, ImageReference base) {
    try (Connection connection =
        Connection.open(
            Endpoint.parse(engine.info().address(), Optional.empty(), "test"), Path.of("/none"))) {
      return connection
          .client()
          .listContainersCmd()
          .withShowAll(true)
          .withAncestorFilter(List.of(base.toString()))
          .exec()
          .stream()
          .map(Container::getId)
          .toList();
    } catch (Silence e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until something holds; says whether it came to hold in time. */
  static boolean eventually(Duration patience, BooleanSupplier holds) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return true;
  }

  /**
   * The PATH of an engine that gets a network of its own: another engine's bridge is the same
   * docker0, and would go when this one comes.
   */
  static String pathWithIsolatedDaemon(Path folder, String... options) throws IOException {
    Path programs = Files.createDirectories(folder.resolve("programs"));
    String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
    Path wrapper = programs.resolve("dockerd");
    Files.writeString(
        wrapper,
        "#!/bin/sh\nPATH='"
            + path
            + "' exec unshare --net dockerd "
            + String.join(" ", options)
            + " \"$@\"\n");
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    return programs + ":" + path;
  }
}

package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blob that is much larger than the heap. */
final class RegistryMemoryIT {
  // 1024 is what the promise is about; a part of it shows as well whether the heap has to grow.
  private static final long SIZE = Long.getLong("baseimage.test.megabytes", 160) << 20;

  @TempDir Path folder;

  @Test
  void uploadSucceedsWhenBlobIsLargerThanTheHeap() throws Exception {
    Path blob = folder.resolve("blob");
    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    Digest digest = digest(blob);
    try (RegistryServer server =
        new RegistryServer(folder, RegistryServer.Storage.DISK, RegistryServer.Doors.OPEN, false)) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx48m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Uploading.class.getName(),
                  server.host() + "/joe/large",
                  blob.toString(),
                  digest.hex())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out").toFile())
              .start();
      try {
        assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
      } finally {
        child.destroyForcibly();
      }

      assertThat(child.exitValue()).as(Files.readString(folder.resolve("out"))).isZero();
      assertThat(server.raw("HEAD", "/v2/joe/large/blobs/" + digest).statusCode()).isEqualTo(200);
    }
  }

  private static Digest digest(Path file) throws Exception {
    MessageDigest sum = Digest.sha256();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        sum.update(piece, 0, read);
      }
    }
    return Digest.ofSum(sum.digest());
  }

  /** The program that uploads, in a Java of its own. */
  static final class Uploading {
    private Uploading() {}

    public static void main(String[] arguments) throws Exception {
      Path blob = Path.of(arguments[1]);
      new Repositories()
          .open(arguments[0])
          .upload(new Digest(arguments[2]), Files.size(blob), ContentSource.of(blob), sent -> {});
    }
  }
}

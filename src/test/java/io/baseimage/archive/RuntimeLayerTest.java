package io.baseimage.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeLayerTest {
  private static final String LIST = "usr/lib/baseimage/SHA256SUMS";
  private static final Instant TIME = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void writeKeepsFoldersThatAreStillNeededAndOrdersAsAWalk() throws IOException {
    RuntimeLayer.Exchange now = exchange("etc/a.conf", "etc/a/b", "usr/lib/baseimage/new/x");

    assertThat(names(RuntimeLayer.read(layer("etc/gone/f", "etc/a/b"), LIST), now))
        .containsExactly(
            "40750 etc/",
            "40750 etc/a/",
            "100644 etc/a/b",
            "100644 etc/a.conf",
            "40750 usr/",
            "40750 usr/lib/",
            "40750 usr/lib/baseimage/",
            "40755 usr/lib/baseimage/new/",
            "100644 usr/lib/baseimage/new/x");
  }

  @Test
  void writeIntoAFolderThatMayBeALinkOfThePackagesIsRefused() throws IOException {
    RuntimeLayer old = RuntimeLayer.read(layer("etc/a/b"), LIST);
    for (String path : List.of("etc/new/x", "lib/x", "usr/lib/baseimage/package-lists/x")) {
      assertThatThrownBy(() -> names(old, exchange(path)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("only the packages know");
    }
  }

  @Test
  void readOfALayerWithOtherFilesThanItsListIsRefused() throws IOException {
    byte[] moved = tar(List.of("bin/a"), "sbin/a");
    assertThatThrownBy(() -> RuntimeLayer.read(moved, LIST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not what its list says");
    assertThatThrownBy(() -> RuntimeLayer.read(new byte[1024], LIST))
        .hasMessageContaining("not the runtime");
  }

  private static RuntimeLayer.Exchange exchange(String... paths) {
    RuntimeLayer.Exchange now = new RuntimeLayer.Exchange();
    for (String path : paths) {
      now.add(path, path.getBytes(UTF_8), false);
    }
    return now;
  }

  private List<String> names(RuntimeLayer old, RuntimeLayer.Exchange now) throws IOException {
    Path written = folder.resolve("written");
    Digest digest = old.write(now, folder, written);
    byte[] bytes = Files.readAllBytes(written);
    assertThat(Digest.of(bytes)).isEqualTo(digest);
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
        names.add("%o %s".formatted(entry.getMode(), entry.getName()));
      }
    }
    return names;
  }

  private static byte[] layer(String... paths) throws IOException {
    return tar(List.of(paths), paths);
  }

  private static byte[] tar(List<String> paths, String... listed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      StringBuilder list = new StringBuilder();
      for (String path : listed) {
        list.append(Digest.of(path.getBytes(UTF_8)).hex()).append("  /").append(path).append('\n');
      }
      for (String path : paths) {
        put(out, path, path.getBytes(UTF_8));
      }
      put(out, LIST, list.toString().getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream out, String path, byte[] content)
      throws IOException {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      entry(out, path.substring(0, slash + 1), new byte[0], 040750);
    }
    entry(out, path, content, 0100644);
  }

  private static void entry(TarArchiveOutputStream out, String name, byte[] content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setModTime(FileTime.from(TIME));
    entry.setMode(mode);
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }
}

package io.baseimage.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
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
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReproducibleLayerTest {
  private static final Instant OLD = Instant.parse("2020-05-05T00:00:00Z");
  private static final Instant EPOCH = Instant.parse("2026-11-20T02:11:10Z");
  private static final Instant BUILD = Instant.parse("2026-11-22T10:00:00.123456789Z");

  @TempDir private Path folder;

  @Test
  void writeLeavesNothingYoungerThanTheTimeAndNothingOlderChanged() throws IOException {
    List<TarArchiveEntry> entries = written(layer(BUILD, "root", 20_000));

    assertThat(entries)
        .extracting(each -> each.getName() + " " + each.getLastModifiedTime())
        .containsExactly(
            "etc/ 2026-11-20T02:11:10Z",
            "etc/shadow 2026-11-20T02:11:10Z",
            "etc/hard 2026-11-20T02:11:10Z",
            "etc/old 2020-05-05T00:00:00Z",
            "usr/lib/baseimage/package-lists/ 2026-11-20T02:11:10Z",
            "x".repeat(150) + " 2026-11-20T02:11:10Z");
  }

  @Test
  void writeOfTheSameFilesGivesTheSameBytesWheneverTheyWereMade() throws IOException {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    Digest digest =
        ReproducibleLayer.write(layer(BUILD, "root", 20_780), EPOCH, "usr/lib/none", one);
    ReproducibleLayer.write(
        layer(BUILD.plusSeconds(100_000), "wheel", 20_781), EPOCH, "usr/lib/none", other);

    assertThat(one).hasSameBinaryContentAs(other);
    assertThat(Digest.of(Files.readAllBytes(one))).isEqualTo(digest);
  }

  @Test
  void writeKeepsOwnersModesLinksAndAttributes() throws IOException {
    List<TarArchiveEntry> entries = written(layer(BUILD, "root", 20_000));

    assertThat(entries.get(1).getMode() & 07777).isEqualTo(0640);
    assertThat(entries.get(1).getLongGroupId()).isEqualTo(42);
    assertThat(entries.get(1).getUserName()).isEmpty();
    assertThat(entries.get(2).isLink()).isTrue();
    assertThat(entries.get(2).getLinkName()).isEqualTo("etc/shadow");
    assertThat(entries.get(3).getExtraPaxHeaders())
        .containsEntry("SCHILY.xattr.security.capability", "value")
        .doesNotContainKeys("mtime", "atime");
  }

  @Test
  void writeTakesDaysThatAreLaterOutOfShadowAndLeavesTheOthers() throws IOException {
    Path made = folder.resolve("made");
    ReproducibleLayer.write(layer(BUILD, "root", 20_779), EPOCH, "", made);

    assertThat(content(made, "etc/shadow"))
        .isEqualTo("root:*:100:0:99999:7:::\nnew:!:20777:0:99999:7:::\nlocked:!::\n");
  }

  @Test
  void modifiedReadsTheTimeThatWasWritten() throws IOException {
    Path made = folder.resolve("made");
    String dated = "usr/lib/baseimage/package-lists";
    Path layer = layer(BUILD, "root", 1);
    assertThat(ReproducibleLayer.modified(layer, dated)).contains(OLD);
    ReproducibleLayer.write(layer, EPOCH, dated, made);

    assertThat(ReproducibleLayer.modified(made, dated)).contains(EPOCH);
    assertThat(ReproducibleLayer.modified(made, "usr/lib/none")).isEmpty();
    assertThat(ReproducibleLayer.newestBefore(layer, BUILD.minusSeconds(1))).contains(OLD);
  }

  private List<TarArchiveEntry> written(Path layer) throws IOException {
    Path made = folder.resolve("made");
    ReproducibleLayer.write(layer, EPOCH, "usr/lib/baseimage/package-lists", made);
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(made))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static String content(Path layer, String name) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(layer))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return new String(in.readAllBytes(), UTF_8);
        }
      }
    }
    throw new IOException("no " + name);
  }

  private Path layer(Instant now, String owner, int today) throws IOException {
    Path file = folder.resolve("layer-" + now.toEpochMilli() + owner);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      put(tar, entry("etc/", TarConstants.LF_DIR, owner, now), "");
      TarArchiveEntry shadow = entry("etc/shadow", TarConstants.LF_NORMAL, owner, now);
      shadow.setMode(0640);
      shadow.setIds(0, 42);
      put(tar, shadow, "root:*:100:0:99999:7:::\nnew:!:" + today + ":0:99999:7:::\nlocked:!::\n");
      TarArchiveEntry hard = entry("etc/hard", TarConstants.LF_LINK, owner, now);
      hard.setLinkName("etc/shadow");
      put(tar, hard, "");
      TarArchiveEntry old = entry("etc/old", TarConstants.LF_NORMAL, owner, OLD);
      old.addPaxHeader("SCHILY.xattr.security.capability", "value");
      put(tar, old, "old");
      put(tar, entry("usr/lib/baseimage/package-lists/", TarConstants.LF_DIR, owner, OLD), "");
      put(tar, entry("x".repeat(150), TarConstants.LF_NORMAL, owner, now), "long");
    }
    return file;
  }

  private static TarArchiveEntry entry(String name, byte type, String owner, Instant time) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setNames(owner, owner);
    entry.setLastModifiedTime(FileTime.from(time));
    return entry;
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content)
      throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}

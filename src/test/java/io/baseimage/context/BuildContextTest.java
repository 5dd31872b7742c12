package io.baseimage.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildContextTest {
  private static final Instant MODIFIED = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void digestWhenFilesAreKnownIsThisVeryOne() {
    assertThat(context().digest().toString())
        .isEqualTo("sha256:b77546662fe3b7bc82d2600a1c00b4a3af08e30edbbb2e2ac8876e471fa9ea8a");
  }

  @Test
  void digestWhenFilesCameInAnotherOrderIsTheSame() {
    BuildContext other =
        BuildContext.builder(MODIFIED)
            .file("rootfs/usr/sbin/run", bytes("#!/bin/sh\n"), true)
            .file("Dockerfile", bytes("FROM scratch\n"), false)
            .build();
    assertThat(other.digest()).isEqualTo(context().digest());
  }

  @Test
  void sumsNamesTheFilesBelowTheFolderAsSha256sumDoes() throws IOException {
    BuildContext.builder(MODIFIED)
        .file("rootfs/usr/sbin/run", bytes("abc"), true)
        .file("Dockerfile", bytes("FROM scratch\n"), false)
        .file("rootfs.txt", bytes("not below"), false)
        .sums("rootfs/", "etc/SUMS")
        .build()
        .writeDirectory(folder);
    assertThat(folder.resolve("rootfs/etc/SUMS"))
        .hasContent(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  /usr/sbin/run\n");
  }

  @Test
  void digestWhenOneBitOfModeDiffersDiffers() {
    BuildContext other =
        BuildContext.builder(MODIFIED)
            .file("rootfs/usr/sbin/run", bytes("#!/bin/sh\n"), false)
            .file("Dockerfile", bytes("FROM scratch\n"), false)
            .build();
    assertThat(other.digest()).isNotEqualTo(context().digest());
  }

  @Test
  void writeTarWhenFileIsNestedNamesItsFoldersFirst() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    context().writeTar(out);
    List<String> seen = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        seen.add(Integer.toOctalString(entry.getMode() & 07777) + " " + entry.getName());
        assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(MODIFIED);
        assertThat(entry.getLongUserId()).isZero();
        assertThat(entry.getUserName()).isEmpty();
      }
    }
    assertThat(seen)
        .containsExactly(
            "644 Dockerfile",
            "755 rootfs/",
            "755 rootfs/usr/",
            "755 rootfs/usr/sbin/",
            "755 rootfs/usr/sbin/run");
  }

  @Test
  void writeDirectoryWhenReadBackIsTheSameContext() throws IOException {
    context().writeDirectory(folder);
    BuildContext back = BuildContext.builder(MODIFIED).tree("", folder).build();
    assertThat(back.digest()).isEqualTo(context().digest());
    assertThat(Files.getLastModifiedTime(folder.resolve("rootfs/usr")).toInstant())
        .isEqualTo(MODIFIED);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("rootfs/usr/sbin/run"))))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void fileWhenNameLeavesTheContextIsRefused() {
    var builder = BuildContext.builder(MODIFIED);
    for (String name : List.of("/etc/passwd", "../up", "a/../../up")) {
      assertThatThrownBy(() -> builder.file(name, new byte[0], false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void fileWhenTwoHaveOneNameIsRefused() {
    var builder = BuildContext.builder(MODIFIED).file("a", new byte[0], false);
    assertThatThrownBy(() -> builder.file("a", new byte[0], false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }

  private static BuildContext context() {
    return BuildContext.builder(MODIFIED)
        .file("Dockerfile", bytes("FROM scratch\n"), false)
        .file("rootfs/usr/sbin/run", bytes("#!/bin/sh\n"), true)
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

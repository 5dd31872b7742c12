package io.baseimage.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files that go into a container before it starts. */
final class Archive {
  private final List<TarArchiveEntry> headers = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  boolean isEmpty() {
    return headers.isEmpty();
  }

  void file(String path, int mode, byte[] content) {
    TarArchiveEntry header = new TarArchiveEntry(relative(path));
    header.setSize(content.length);
    header.setMode(mode);
    add(header, content);
  }

  void directory(String path, int mode) {
    TarArchiveEntry header = new TarArchiveEntry(relative(path) + "/");
    header.setMode(mode);
    add(header, new byte[0]);
  }

  void symbolicLink(String path, String target) {
    TarArchiveEntry header = new TarArchiveEntry(relative(path), TarConstants.LF_SYMLINK);
    header.setLinkName(target);
    add(header, new byte[0]);
  }

  void hardLink(String path, String target) {
    TarArchiveEntry header = new TarArchiveEntry(relative(path), TarConstants.LF_LINK);
    header.setLinkName(relative(target));
    add(header, new byte[0]);
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < headers.size(); i++) {
        tar.putArchiveEntry(headers.get(i));
        tar.write(contents.get(i));
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void add(TarArchiveEntry header, byte[] content) {
    header.setIds(0, 0);
    headers.add(header);
    contents.add(content);
  }

  private static String relative(String path) {
    return path.substring(1);
  }
}

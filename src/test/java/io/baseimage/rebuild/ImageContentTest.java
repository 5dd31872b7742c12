package io.baseimage.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

final class ImageContentTest {
  private static SortedMap<String, String> files(int mode, long time, Map<String, String> files)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(mode);
        entry.setModTime(time);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return ImageContent.files(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void filesWhenOnlyTimesLogsAndDaysDifferAreTheSame() throws IOException {
    assertThat(
            files(
                0644,
                1000,
                Map.of(
                    "usr/bin/a", "a", "var/log/dpkg.log", "one", "etc/shadow", "joe:*:20001:0::")))
        .isEqualTo(
            files(
                0644,
                9000,
                Map.of("usr/bin/a", "a", "./etc/shadow", "joe:*:20002:0::", "etc/hostname", "x")));
  }

  @Test
  void filesWhenContentModeOrPasswordDiffersAreOthers() throws IOException {
    SortedMap<String, String> files = files(0644, 0, Map.of("a", "a", "etc/shadow", "joe:*:1::"));
    assertThat(files(0644, 0, Map.of("a", "b", "etc/shadow", "joe:*:1::"))).isNotEqualTo(files);
    assertThat(files(04755, 0, Map.of("a", "a", "etc/shadow", "joe:*:1::"))).isNotEqualTo(files);
    assertThat(files(0644, 0, Map.of("a", "a", "etc/shadow", "joe::1::"))).isNotEqualTo(files);
    assertThat(files(0644, 0, Map.of("a", "a", "b", "", "etc/shadow", "joe:*:1::")))
        .isNotEqualTo(files);
  }
}

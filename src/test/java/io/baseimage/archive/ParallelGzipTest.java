package io.baseimage.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParallelGzipTest {
  private static final int BLOCK = 256 * 1024;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 9 * BLOCK + 7, 41 * BLOCK})
  void writeGivesWhatAnyoneCanReadHoweverItIsWritten(int size) throws IOException {
    byte[] text = text(size);
    byte[] noise = new byte[size];
    new Random(1).nextBytes(noise);
    for (byte[] content : new byte[][] {text, noise}) {
      byte[] whole = compressed(content, content.length + 1);

      assertThat(read(whole)).isEqualTo(content);
      assertThat(compressed(content, 100_003)).isEqualTo(whole);
      assertThat(whole.length).isLessThan(content.length + content.length / 1000 + 100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9})
  void writeLosesLittleAtTheBlocksEnds(int level) throws IOException {
    byte[] text = text(20 * BLOCK);
    Deflater deflater = new Deflater(level, true);
    deflater.setInput(text);
    deflater.finish();
    int alone = deflater.deflate(new byte[text.length]);
    deflater.end();

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParallelGzip gzip = new ParallelGzip(out, level)) {
      gzip.write(text);
      gzip.finish();
    }
    assertThat(out.size()).isLessThan(alone + alone / 100);
  }

  private static byte[] text(int size) {
    Random random = new Random(2);
    byte[] text = new byte[size];
    for (int i = 0; i < size; i++) {
      text[i] =
          i > 50_000 && i % 40_000 > 20_000
              ? text[i - 30_000 - i % 7]
              : (byte) ('a' + random.nextInt(16));
    }
    return text;
  }

  private static byte[] compressed(byte[] content, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParallelGzip gzip = new ParallelGzip(out, 5)) {
      for (int at = 0; at < content.length; at += piece) {
        gzip.write(Arrays.copyOfRange(content, at, Math.min(content.length, at + piece)));
      }
      gzip.finish();
    }
    return out.toByteArray();
  }

  private static byte[] read(byte[] file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    }
  }
}

package io.baseimage.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes one gzip member (RFC 1952) whose blocks are compressed on all processors. What it writes
 * depends on what it is given and on the JDK's zlib, and not on how many processors there are.
 */
public final class ParallelGzip extends OutputStream {
  private static final int BLOCK = 256 * 1024;
  // As far back as deflate looks.
  private static final int WINDOW = 32 * 1024;
  private static final int AHEAD = 4;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, -1};

  private final OutputStream out;
  private final int level;
  private final int processors = Runtime.getRuntime().availableProcessors();
  private final ExecutorService pool = Executors.newFixedThreadPool(processors);
  private final Deque<Future<byte[]>> compressed = new ArrayDeque<>();
  private final CRC32 sum = new CRC32();
  private byte[] block = new byte[BLOCK];
  private byte[] before = new byte[0];
  private int filled;
  private long size;
  private boolean closed;

  /**
   * Begins the member.
   *
   * @param level the compression level, from 1 to 9
   */
  public ParallelGzip(OutputStream out, int level) throws IOException {
    this.out = out;
    this.level = level;
    out.write(HEADER);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    sum.update(bytes, from, length);
    size += length;
    int at = from;
    int left = length;
    while (left > 0) {
      if (filled == BLOCK) {
        begin(false);
      }
      int piece = Math.min(left, BLOCK - filled);
      System.arraycopy(bytes, at, block, filled, piece);
      filled += piece;
      at += piece;
      left -= piece;
    }
  }

  /** Has the block compressed by whoever is free. */
  private void begin(boolean last) throws IOException {
    byte[] input = block;
    byte[] dictionary = before;
    int length = filled;
    compressed.add(pool.submit(() -> compress(input, length, dictionary, last)));
    before = Arrays.copyOfRange(input, Math.max(0, length - WINDOW), length);
    block = new byte[BLOCK];
    filled = 0;
    while (compressed.size() > (last ? 0 : processors + AHEAD)) {
      out.write(next(compressed.remove()));
    }
  }

  private static byte[] next(Future<byte[]> block) throws IOException {
    try {
      return block.get();
    } catch (ExecutionException e) {
      throw new IOException("a block could not be compressed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while compressing");
    }
  }

  private byte[] compress(byte[] input, int length, byte[] dictionary, boolean last) {
    Deflater deflater = new Deflater(level, true);
    try {
      if (dictionary.length > 0) {
        deflater.setDictionary(dictionary);
      }
      deflater.setInput(input, 0, length);
      if (last) {
        deflater.finish();
      }
      byte[] output = new byte[length + length / 1000 + 1024];
      int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      int written = deflater.deflate(output, 0, output.length, flush);
      // A block that cannot be compressed grows by less than what there is room for.
      return Arrays.copyOf(output, written);
    } finally {
      deflater.end();
    }
  }

  /** Writes what is left, and leaves the stream below open. */
  public void finish() throws IOException {
    begin(true);
    out.write(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) sum.getValue())
            .putInt((int) size)
            .array());
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    pool.shutdownNow();
    out.close();
  }
}

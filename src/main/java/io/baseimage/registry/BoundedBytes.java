package io.baseimage.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Bytes that arrive, up to a number of them. */
final class BoundedBytes extends OutputStream {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int maximum;
  private final Runnable arrived;

  BoundedBytes(int maximum, Runnable arrived) {
    this.maximum = maximum;
    this.arrived = arrived;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int start, int length) throws IOException {
    arrived.run();
    if (bytes.size() > maximum - length) {
      throw new TooLargeException(maximum);
    }
    bytes.write(from, start, length);
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}

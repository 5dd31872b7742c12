package io.baseimage.pipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can be read more than once: an upload that fails begins anew. */
@FunctionalInterface
public interface ContentSource {

  /** A new stream from the first byte on; the reader closes it. */
  InputStream open() throws IOException;

  /** A file's content, which has to stay as it is. */
  static ContentSource of(Path file) {
    return () -> Files.newInputStream(file);
  }

  /** These bytes. */
  static ContentSource of(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }
}

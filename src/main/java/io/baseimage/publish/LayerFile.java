package io.baseimage.publish;

import io.baseimage.pipeline.OutputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file for a layer. What fails here is the temporary folder's fault, whatever else the layer
 * passes through: it throws {@link OutputException}.
 */
final class LayerFile extends OutputStream {
  private final Path file;
  private final OutputStream out;

  private LayerFile(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** A new one in a folder. */
  static LayerFile in(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "layer", ".tar.gz");
      return new LayerFile(file, Files.newOutputStream(file));
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  Path path() {
    return file;
  }

  @Override
  public void write(int each) {
    write(new byte[] {(byte) each}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static OutputException failure(Path file, IOException cause) {
    return new OutputException("write a layer (TMPDIR names the folder)", file, cause);
  }
}

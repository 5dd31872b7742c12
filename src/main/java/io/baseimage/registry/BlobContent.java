package io.baseimage.registry;

import com.google.cloud.tools.jib.hash.WritableContents;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** A blob as it goes out, proven on its way to be what it is said to be. */
final class BlobContent implements WritableContents {
  private static final int PIECE = 64 << 10;

  private final Digest digest;
  private final long size;
  private final ContentSource source;
  private final LongConsumer progress;

  BlobContent(Digest digest, long size, ContentSource source, LongConsumer progress) {
    this.digest = digest;
    this.size = size;
    this.source = source;
    this.progress = progress;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    MessageDigest sum = Digest.sha256();
    byte[] piece = new byte[PIECE];
    long sent = 0;
    progress.accept(0);
    try (InputStream in = opened()) {
      for (int read = read(in, piece); read >= 0; read = read(in, piece)) {
        // A registry that gets less than it was promised has nothing that it could keep.
        if (sent + read > size) {
          throw changed("has more than its " + size + " bytes");
        }
        sum.update(piece, 0, read);
        out.write(piece, 0, read);
        sent += read;
        progress.accept(sent);
      }
    }
    Digest found = Digest.ofSum(sum.digest());
    if (sent != size || !found.equals(digest)) {
      throw changed("is " + found + " of " + sent + " bytes");
    }
  }

  private InputStream opened() throws WrongContentException {
    try {
      return source.open();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static int read(InputStream in, byte[] piece) throws WrongContentException {
    try {
      return in.read(piece);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  // Not the registry's fault: nothing is gained by trying again.
  private static WrongContentException unreadable(IOException thrown) {
    return new WrongContentException("the blob cannot be read here: " + thrown);
  }

  private static WrongContentException changed(String seen) {
    return new WrongContentException("the blob " + seen + " here; something changed it");
  }
}

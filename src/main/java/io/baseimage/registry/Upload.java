package io.baseimage.registry;

import java.io.IOException;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * What a registry answers to the beginning of an upload.
 *
 * @param location where the blob is to be sent; null if the registry has it already
 */
record Upload(@Nullable URL location) {

  /** Whether nothing needs to be sent. */
  boolean finished() {
    return location == null;
  }

  /** Tells the registry to forget it; one that does not hear of it forgets it some day. */
  void cancel(Wire wire) {
    if (location == null) {
      return;
    }
    try {
      wire.call("DELETE", location, "*/*").close();
    } catch (IOException e) {
      // Many registries cannot cancel, and nothing is lost by that.
      wire.touch();
    }
  }
}

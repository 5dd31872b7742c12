package io.baseimage.registry;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import java.nio.charset.StandardCharsets;

/** A manifest that jib sends byte for byte, where its own kinds are written anew from fields. */
final class RawManifest implements ManifestTemplate {
  private final String mediaType;
  private final String json;

  /** Throws {@link WrongContentException} for bytes that are no text. */
  RawManifest(Manifest manifest) throws WrongContentException {
    mediaType = manifest.mediaType();
    json = new String(manifest.bytes(), StandardCharsets.UTF_8);
    if (!Digest.of(json.getBytes(StandardCharsets.UTF_8)).equals(manifest.digest())) {
      throw new WrongContentException("the manifest is not UTF-8");
    }
  }

  @JsonValue
  @JsonRawValue
  public String json() {
    return json;
  }

  @Override
  public int getSchemaVersion() {
    return 2;
  }

  @Override
  public String getManifestMediaType() {
    return mediaType;
  }
}

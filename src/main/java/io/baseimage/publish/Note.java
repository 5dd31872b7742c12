package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Registry;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** How a manifest is written that is there for its annotations, and not for an image. */
enum Note {
  /** As an artifact, which it is. */
  ARTIFACT,
  /** As an image without a file, for registries that take nothing else. */
  IMAGE;

  private static final byte[] CONFIG =
      ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
              + "[\"sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\"]}}")
          .getBytes(UTF_8);

  /** A tar file without a file, compressed; the digest in the configuration is the tar file's. */
  private static final byte[] LAYER =
      Base64.getDecoder().decode("H4sIAAAAAAAA/2IYBaNgFIxYAAgAAP//Lq+17wAEAAA=");

  /** One of this form. */
  Manifest manifest(String type, Map<String, String> annotations) {
    return this == ARTIFACT
        ? Manifests.note(type, annotations)
        : Manifests.emptyImage(CONFIG, LAYER, annotations);
  }

  /** Sees to it that a registry has what such manifests name. */
  void upload(Registry registry) {
    for (byte[] blob : this == ARTIFACT ? List.of(Manifests.EMPTY) : List.of(CONFIG, LAYER)) {
      Digest digest = Digest.of(blob);
      if (!registry.hasBlob(digest)) {
        registry.upload(digest, blob.length, ContentSource.of(blob), bytes -> {});
      }
    }
  }

  /** The form that a manifest has. */
  static Note of(Manifest manifest) {
    return Manifests.config(manifest).filter(Digest.of(CONFIG)::equals).isPresent()
        ? IMAGE
        : ARTIFACT;
  }
}

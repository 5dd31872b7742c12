package io.baseimage.rebuild;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Registries in memory whose images have labels and no layers, to be read only. */
final class PublishedImages implements Registries {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** How reading a repository ends, by its name. */
  final Map<String, RegistryException> failures = new HashMap<>();

  /** The tags that were looked up, each with its repository. */
  final List<String> lookedUp = new CopyOnWriteArrayList<>();

  private final Map<String, Contents> repositories = new ConcurrentHashMap<>();

  private static final class Contents {
    private final Map<String, Digest> tags = new TreeMap<>();
    private final Map<Digest, Manifest> manifests = new HashMap<>();
    private final Map<Digest, byte[]> blobs = new HashMap<>();
  }

  /** Gives a tag to an image with these labels. */
  Digest publish(String name, Platform platform, Map<String, String> labels) {
    return publish(name, Map.of(platform, labels));
  }

  /** Gives a tag to images with these labels, of which several become an index. */
  Digest publish(String name, Map<Platform, Map<String, String>> images) {
    ImageReference reference = ImageReference.parse(name);
    Contents contents = contents(reference);
    List<Map<String, Object>> entries = new ArrayList<>();
    images.forEach(
        (platform, labels) -> {
          byte[] config =
              json(
                  Map.of(
                      "os", "linux",
                      "architecture", platform.architecture(),
                      "rootfs", Map.of("type", "layers"),
                      "config", Map.of("Labels", new TreeMap<>(labels))));
          contents.blobs.put(Digest.of(config), config);
          Manifest manifest =
              new Manifest(
                  IMAGE,
                  json(
                      new TreeMap<>(
                          Map.of(
                              "schemaVersion",
                              2,
                              "mediaType",
                              IMAGE,
                              "config",
                              Map.of("digest", Digest.of(config).toString()),
                              "layers",
                              List.of()))));
          contents.manifests.put(manifest.digest(), manifest);
          entries.add(
              new TreeMap<>(
                  Map.of(
                      "mediaType",
                      IMAGE,
                      "digest",
                      manifest.digest().toString(),
                      "size",
                      manifest.bytes().length,
                      "platform",
                      new TreeMap<>(
                          Map.of("os", "linux", "architecture", platform.architecture())))));
        });
    Digest digest = Digest.parse(Objects.requireNonNull(entries.get(0).get("digest")).toString());
    if (entries.size() > 1) {
      Manifest index =
          new Manifest(
              INDEX,
              json(
                  new TreeMap<>(
                      Map.of("schemaVersion", 2, "mediaType", INDEX, "manifests", entries))));
      contents.manifests.put(index.digest(), index);
      digest = index.digest();
    }
    contents.tags.put(reference.effectiveTag().orElseThrow(), digest);
    return digest;
  }

  void untag(String name) {
    ImageReference reference = ImageReference.parse(name);
    contents(reference).tags.remove(reference.effectiveTag().orElseThrow());
  }

  private Contents contents(ImageReference reference) {
    return repositories.computeIfAbsent(reference.repository(), each -> new Contents());
  }

  private static byte[] json(Map<String, Object> value) {
    try {
      return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Registry open(ImageReference name) {
    ImageReference repository = new ImageReference(name.repository(), null, null);
    Contents contents = contents(repository);
    return new Registry() {
      @Override
      public ImageReference repository() {
        return repository;
      }

      @Override
      public List<String> tags() {
        fail();
        return List.copyOf(contents.tags.keySet());
      }

      @Override
      public Optional<Digest> digest(String tag) {
        fail();
        lookedUp.add(repository.withTag(tag).toString());
        return Optional.ofNullable(contents.tags.get(tag));
      }

      @Override
      public Optional<Manifest> manifest(String tagOrDigest) {
        fail();
        Digest digest =
            tagOrDigest.contains(":") ? Digest.parse(tagOrDigest) : contents.tags.get(tagOrDigest);
        return Optional.ofNullable(contents.manifests.get(digest));
      }

      @Override
      public byte[] blob(Digest digest, int maximum) {
        fail();
        return Objects.requireNonNull(contents.blobs.get(digest));
      }

      private void fail() {
        RegistryException failure = failures.get(repository.toString());
        if (failure != null) {
          throw failure;
        }
      }

      @Override
      public void checkWriteAccess() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Optional<List<Referrer>> referrers(Digest subject) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean hasBlob(Digest digest) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void upload(Digest digest, long size, ContentSource content, LongConsumer progress) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean mount(Digest digest, ImageReference from) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void put(String tagOrDigest, Manifest manifest, Runnable beforeEachTry) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean delete(Digest manifest) {
        throw new UnsupportedOperationException();
      }
    };
  }
}

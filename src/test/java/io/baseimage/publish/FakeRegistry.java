package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * A repository in memory, as one publisher sees it. Each request arrives at a moment of its own
 * between call and return; the publisher may die before or after one.
 */
class FakeRegistry implements Registry {
  /** What all publishers see. */
  static final class Contents {
    final Map<String, Digest> tags = new TreeMap<>();
    final Map<Digest, Manifest> manifests = new HashMap<>();
    final Map<Digest, byte[]> blobs = new HashMap<>();

    /** Every change of a tag, as {@code TAG DIGEST}. */
    final List<String> history = new ArrayList<>();

    boolean deletes = true;

    /** Whether it takes images only: no artifacts, no indexes. */
    boolean imagesOnly;

    /** Whether a tag that is there cannot be set to something else. */
    boolean immutable;

    /** Whether it says that it has deleted what it keeps. */
    boolean saysThatItDeletes;

    /** Whether it lists what refers to a manifest. */
    boolean lists;

    /** For how long a list of tags is given again. */
    Duration listsFor = Duration.ZERO;

    private long listed;
    private List<String> list = List.of();
  }

  /** The publisher is no more. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Contents contents;
  final Ticker ticker;
  private final Random random;
  private final Duration slowest;

  /** How many requests it makes before it dies; the last one arrives if this is even. */
  int diesAfter = Integer.MAX_VALUE;

  private final AtomicInteger requests = new AtomicInteger();

  /** Whether the publisher dies when it sets a version's tag, and that arrives later. */
  boolean diesGiving;

  /** What {@link #diesGiving} left under way. */
  Runnable underWay = () -> {};

  /** How long a look at what a tag points to takes besides. */
  Duration looking = Duration.ZERO;

  /** Happens before it sets a version's tag. */
  Runnable beforeGiving = () -> {};

  /** Happens after it has set a version's tag. */
  Runnable afterGiving = () -> {};

  FakeRegistry(Contents contents, Ticker ticker, Duration slowest, long seed) {
    this.contents = contents;
    this.ticker = ticker;
    this.slowest = slowest;
    this.random = new Random(seed);
  }

  private interface Request<T> {
    T arrive();
  }

  private <T> T ask(Request<T> request) {
    int number = requests.incrementAndGet();
    if (number > diesAfter / 2 + 1) {
      throw new Death();
    }
    boolean last = number == diesAfter / 2 + 1;
    if (last && diesAfter % 2 == 1) {
      throw new Death();
    }
    pause();
    T answer;
    synchronized (contents) {
      answer = request.arrive();
    }
    if (last) {
      throw new Death();
    }
    pause();
    return answer;
  }

  private void pause() {
    sleep(Duration.ofNanos((long) (random.nextDouble() * slowest.toNanos() / 2)));
  }

  private void sleep(Duration duration) {
    try {
      ticker.sleep(duration);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ImageReference repository() {
    return ImageReference.parse("registry.example/joe/baseimage");
  }

  @Override
  public void checkWriteAccess() {
    ask(() -> true);
  }

  @Override
  public List<String> tags() {
    return ask(
        () -> {
          long now = ticker.nanoTime();
          if (contents.listed == 0 || now - contents.listed >= contents.listsFor.toNanos()) {
            contents.listed = now;
            contents.list = List.copyOf(contents.tags.keySet());
          }
          return contents.list;
        });
  }

  @Override
  public Optional<Manifest> manifest(String tagOrDigest) {
    return ask(
        () -> {
          Digest digest =
              tagOrDigest.startsWith("sha256:")
                  ? Digest.parse(tagOrDigest)
                  : contents.tags.get(tagOrDigest);
          return Optional.ofNullable(digest == null ? null : contents.manifests.get(digest));
        });
  }

  @Override
  public Optional<Digest> digest(String tag) {
    sleep(looking);
    return ask(() -> Optional.ofNullable(contents.tags.get(tag)));
  }

  @Override
  public Optional<List<Referrer>> referrers(Digest subject) {
    return ask(
        () ->
            contents.lists
                ? Optional.of(
                    contents.manifests.values().stream()
                        .filter(each -> new String(each.bytes(), UTF_8).contains(subject.hex()))
                        .filter(
                            each ->
                                Manifests.read(each)
                                    .path("subject")
                                    .path("digest")
                                    .asText()
                                    .equals(subject.toString()))
                        .map(each -> referrer(each))
                        .toList())
                : Optional.empty());
  }

  private static Referrer referrer(Manifest manifest) {
    return new Referrer(
        manifest.digest(), Manifests.read(manifest).path("artifactType").asText(), Map.of());
  }

  @Override
  public boolean hasBlob(Digest digest) {
    return ask(() -> contents.blobs.containsKey(digest));
  }

  @Override
  public byte[] blob(Digest digest, int maximum) {
    return ask(() -> Objects.requireNonNull(contents.blobs.get(digest)));
  }

  @Override
  public void upload(Digest digest, long size, ContentSource content, LongConsumer progress) {
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length != size || !Digest.of(bytes).equals(digest)) {
      throw new IllegalArgumentException("not what was said");
    }
    ask(
        () -> {
          contents.blobs.put(digest, bytes);
          return true;
        });
    progress.accept(size);
  }

  @Override
  public boolean mount(Digest digest, ImageReference from) {
    return false;
  }

  @Override
  public void put(String tagOrDigest, Manifest manifest, Runnable beforeEachTry) {
    if (tagOrDigest.contains("-20")) {
      beforeGiving.run();
    }
    beforeEachTry.run();
    Request<Boolean> arrival =
        () -> {
          requireTaken(tagOrDigest, manifest);
          contents.manifests.put(manifest.digest(), manifest);
          if (!tagOrDigest.startsWith("sha256:")) {
            contents.tags.put(tagOrDigest, manifest.digest());
            contents.history.add(tagOrDigest + " " + manifest.digest());
          }
          return true;
        };
    if (diesGiving && tagOrDigest.contains("-20")) {
      diesAfter = 0;
      underWay = arrival::arrive;
    }
    ask(arrival);
    if (tagOrDigest.contains("-20")) {
      afterGiving.run();
    }
  }

  private void requireTaken(String tag, Manifest manifest) {
    String type = Manifests.read(manifest).path("config").path("mediaType").asText();
    if (contents.imagesOnly && !type.equals("application/vnd.oci.image.config.v1+json")) {
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to, but the registry answered: 400 MANIFEST_INVALID.");
    }
    for (JsonNode layer : Manifests.read(manifest).path("layers")) {
      if (contents.imagesOnly
          && !contents.blobs.containsKey(Digest.parse(layer.path("digest").asText()))) {
        throw new IllegalArgumentException("a layer is missing: " + layer);
      }
    }
    if (contents.immutable && contents.tags.containsKey(tag)) {
      throw new RegistryException(
          RegistryException.Kind.DENIED, "Tried to, but the registry answered: 403 DENIED.");
    }
  }

  @Override
  public boolean delete(Digest manifest) {
    return ask(
        () -> {
          if (contents.deletes) {
            contents.manifests.remove(manifest);
            contents.tags.values().removeIf(manifest::equals);
          }
          return contents.deletes || contents.saysThatItDeletes;
        });
  }
}

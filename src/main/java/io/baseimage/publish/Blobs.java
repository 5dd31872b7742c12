package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Brings the blobs of images to repositories, each once and only if it is not there: to several
 * registries at the same time, and in one registry to one repository after the other, as the later
 * ones take over what the earlier ones have.
 */
final class Blobs {
  private static final int AT_A_TIME = 4;

  private final Map<Registry, List<StoredImage>> wanted;
  private final Mounts mounts;
  private final RunLog log;
  private final AtomicLong done = new AtomicLong();
  private final long total;

  /**
   * What is to be brought.
   *
   * @param wanted the images of each repository
   * @param mounts where blobs may be taken over from
   */
  Blobs(Map<Registry, List<StoredImage>> wanted, Mounts mounts, RunLog log) {
    this.wanted = wanted;
    this.mounts = mounts;
    this.log = log;
    this.total =
        wanted.values().stream()
            .flatMap(images -> blobs(images).stream())
            .mapToLong(Blob::size)
            .sum();
  }

  private record Blob(Digest digest, long size, Optional<ContentSource> content) {}

  private static Collection<Blob> blobs(List<StoredImage> images) {
    Map<Digest, Blob> blobs = new LinkedHashMap<>();
    for (StoredImage image : images) {
      image
          .layers()
          .forEach(
              layer ->
                  blobs.put(
                      layer.digest(), new Blob(layer.digest(), layer.size(), layer.content())));
      blobs.put(
          image.config(), new Blob(image.config(), image.configSize(), image.configContent()));
    }
    return blobs.values();
  }

  /** Brings them. */
  void bring() {
    Map<String, List<Registry>> registries =
        wanted.keySet().stream().collect(Collectors.groupingBy(one -> one.repository().registry()));
    atOnce(
        registries.size(),
        registries.values().stream()
            .<Runnable>map(repositories -> () -> repositories.forEach(this::bring))
            .toList());
  }

  private void bring(Registry registry) {
    long begun = System.nanoTime();
    AtomicLong sent = new AtomicLong();
    atOnce(
        AT_A_TIME,
        blobs(wanted.getOrDefault(registry, List.of())).stream()
            .<Runnable>map(blob -> () -> bring(registry, blob, sent))
            .toList());
    log.info(
        "Uploaded %.1f MB to %s in %.1f s"
            .formatted(sent.get() / 1e6, registry.repository(), (System.nanoTime() - begun) / 1e9));
  }

  /** Does it all, or fails as the first of it that fails. */
  private static void atOnce(int threads, List<Runnable> work) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(pool);
      work.forEach(each -> running.submit(each, null));
      for (int i = 0; i < work.size(); i++) {
        running.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("uploading");
    } finally {
      pool.shutdownNow();
    }
  }

  private void bring(Registry registry, Blob blob, AtomicLong sent) {
    if (!mounts.has(registry, blob.digest())) {
      AtomicLong before = new AtomicLong();
      registry.upload(
          blob.digest(),
          blob.size(),
          blob.content().orElseThrow(() -> lost(registry, blob)),
          bytes -> progress(done.addAndGet(bytes - before.getAndSet(bytes))));
      mounts.remember(registry, blob.digest());
      sent.addAndGet(blob.size());
      done.addAndGet(blob.size() - before.get());
    } else {
      done.addAndGet(blob.size());
    }
    progress(done.get());
  }

  private static RegistryException lost(Registry registry, Blob blob) {
    return new RegistryException(
        RegistryException.Kind.WRONG_CONTENT,
        "Tried to find the blob "
            + blob.digest()
            + " of "
            + registry.repository()
            + ", which was there a moment ago, but the registry does not have it any more. Run it"
            + " again: it is uploaded then.");
  }

  private void progress(long bytes) {
    String where =
        wanted.size() == 1
            ? wanted.keySet().iterator().next().repository().toString()
            : wanted.size() + " repositories";
    log.progress("Uploading to " + where, bytes, total);
  }
}

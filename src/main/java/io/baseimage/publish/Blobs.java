package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Brings the blobs of images to a repository, each once and only if it is not there. */
final class Blobs {
  private static final int AT_A_TIME = 4;

  private final Registry registry;
  private final List<ImageReference> siblings;
  private final RunLog log;

  /**
   * Of one repository.
   *
   * @param others repositories that may have the blobs, too, wherever they are
   */
  Blobs(Registry registry, Collection<ImageReference> others, RunLog log) {
    this.registry = registry;
    this.siblings = others.stream().filter(other -> !other.equals(registry.repository())).toList();
    this.log = log;
  }

  private record Blob(Digest digest, long size, Optional<ContentSource> content) {}

  /**
   * Brings them.
   *
   * @return how many bytes were sent
   */
  long bring(Collection<StoredImage> images) {
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
    long total = blobs.values().stream().mapToLong(Blob::size).sum();
    AtomicLong done = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (Blob blob : blobs.values()) {
        work.add(pool.submit(() -> bring(blob, done, sent, total)));
      }
      for (Future<?> each : work) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("uploading to " + registry.repository());
    } finally {
      pool.shutdownNow();
    }
    return sent.get();
  }

  private void bring(Blob blob, AtomicLong done, AtomicLong sent, long total) {
    if (!registry.hasBlob(blob.digest())
        && siblings.stream().noneMatch(sibling -> registry.mount(blob.digest(), sibling))) {
      AtomicLong before = new AtomicLong();
      registry.upload(
          blob.digest(),
          blob.size(),
          blob.content().orElseThrow(() -> lost(blob)),
          bytes -> progress(done.addAndGet(bytes - before.getAndSet(bytes)), total));
      sent.addAndGet(blob.size());
      done.addAndGet(blob.size() - before.get());
    } else {
      done.addAndGet(blob.size());
    }
    progress(done.get(), total);
  }

  private RegistryException lost(Blob blob) {
    return new RegistryException(
        RegistryException.Kind.WRONG_CONTENT,
        "Tried to find the blob "
            + blob.digest()
            + " of "
            + registry.repository()
            + ", which was there a moment ago, but the registry does not have it any more. Run it"
            + " again: it is uploaded then.");
  }

  private void progress(long done, long total) {
    log.progress("Uploading to " + registry.repository(), done, total);
  }
}

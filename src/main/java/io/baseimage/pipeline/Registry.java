package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One repository of a registry that speaks the OCI distribution specification, release 1.1.
 *
 * <p>Several threads may use it. What may pass (too many requests, server errors, lost connections)
 * is tried again, each time with a line in the log, until the run's patience ends. Every method
 * throws {@link RegistryException} when there is no answer or a refusal, and {@link
 * InterruptedRunException} when its thread is interrupted.
 */
public interface Registry {

  /** The repository's name, without tag and digest. */
  ImageReference repository();

  /**
   * Opens an upload and cancels it.
   *
   * @throws RegistryException of kind {@link RegistryException.Kind#UNAUTHORIZED} or {@link
   *     RegistryException.Kind#DENIED} unless blobs may be uploaded
   */
  void checkWriteAccess();

  /** Every tag, in the registry's order; none if there is no such repository yet. */
  List<String> tags();

  /** A manifest as the registry has it; empty if it has none under that tag or digest. */
  Optional<Manifest> manifest(String tagOrDigest);

  /** What a tag points to; empty if there is no such tag. */
  Optional<Digest> digest(String tag);

  /**
   * The manifests that name this one as their subject, as the registry lists them; empty if it
   * keeps no such lists.
   */
  Optional<List<Referrer>> referrers(Digest subject);

  /** Whether the repository has a blob. */
  boolean hasBlob(Digest digest);

  /**
   * A small blob, for example an image's configuration.
   *
   * @param maximum the most bytes that it may have
   * @throws RegistryException of kind {@link RegistryException.Kind#NOT_FOUND} if there is no such
   *     blob, {@link RegistryException.Kind#WRONG_CONTENT} if it is larger or not of that digest
   */
  byte[] blob(Digest digest, int maximum);

  /**
   * Uploads a blob; heap use does not depend on its size. Does nothing if the registry turns out to
   * have it.
   *
   * @param size of the blob in bytes
   * @param progress told how many bytes are sent; begins at 0 again when the upload does
   * @throws RegistryException of kind {@link RegistryException.Kind#WRONG_CONTENT} if the content
   *     is not of that size and digest
   */
  void upload(Digest digest, long size, ContentSource content, LongConsumer progress);

  /**
   * Takes a blob over from another repository of the same registry, without sending it.
   *
   * @return false if the registry did not do it, or is not that repository's; the blob has to be
   *     uploaded then
   */
  boolean mount(Digest digest, ImageReference from);

  /**
   * Stores a manifest and reads its digest back; an error that the registry answers counts only if
   * the manifest is not there, and what the tag pointed to before only after a while.
   *
   * @param tagOrDigest a tag, which moves if there is one of that name, or the manifest's digest
   * @param beforeEachTry is run before each request that stores it; what it throws ends the tries
   * @throws RegistryException of kind {@link RegistryException.Kind#WRONG_CONTENT} if something
   *     else is there afterwards, {@link RegistryException.Kind#UNSEEN} if perhaps it is not there
   */
  void put(String tagOrDigest, Manifest manifest, Runnable beforeEachTry);

  /** The same with nothing before. */
  default void put(String tagOrDigest, Manifest manifest) {
    put(tagOrDigest, manifest, () -> {});
  }

  /**
   * Removes a manifest and every tag that points to it.
   *
   * @return whether the registry says that it is gone; false if it does not let this user, or
   *     anyone, delete, or fails at it twice
   */
  boolean delete(Digest manifest);
}

package io.baseimage.registry;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blobs;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.Referrer;
import io.baseimage.pipeline.Registry;
import java.io.IOException;
import java.security.DigestException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** A repository, spoken to with jib's client where it says enough, and its HTTP where not. */
final class JibRegistry implements Registry {
  private final Address address;
  private final Attempts attempts;

  JibRegistry(Address address, Attempts attempts) {
    this.address = address;
    this.attempts = attempts;
  }

  @Override
  public ImageReference repository() {
    return address.repository();
  }

  @Override
  public void checkWriteAccess() {
    attempts.run(
        "begin an upload to " + address,
        wire -> {
          Requests.beginUpload(wire, "").cancel(wire);
          return true;
        });
  }

  @Override
  public List<String> tags() {
    return attempts.run("list the tags of " + address, TagList::read);
  }

  @Override
  public Optional<Manifest> manifest(String tagOrDigest) {
    String name = checked(tagOrDigest);
    return attempts.run("read the manifest " + name(name), wire -> Requests.manifest(wire, name));
  }

  @Override
  public Optional<Digest> digest(String tag) {
    String name = checked(tag);
    return attempts.run("look up " + name(name), wire -> Requests.digest(wire, name));
  }

  @Override
  public Optional<List<Referrer>> referrers(Digest subject) {
    return attempts.run(
        "list what refers to " + address + "@" + subject, wire -> ReferrerList.read(wire, subject));
  }

  @Override
  public boolean hasBlob(Digest digest) {
    return attempts.run("look up the blob " + blobName(digest), wire -> has(wire, digest));
  }

  @Override
  public byte[] blob(Digest digest, int maximum) {
    return attempts.run(
        "read the blob " + blobName(digest),
        wire -> {
          BoundedBytes bytes = new BoundedBytes(maximum, wire::touch);
          try {
            wire.client().pullBlob(jibs(digest), size -> {}, count -> {}).writeTo(bytes);
          } catch (IOException e) {
            if (e.getCause() instanceof RegistryException wrong
                && !(wrong instanceof InsecureRegistryException)) {
              throw new WrongContentException("the registry sent other bytes than these");
            }
            throw e;
          }
          return bytes.toByteArray();
        });
  }

  @Override
  public void upload(Digest digest, long size, ContentSource content, LongConsumer progress) {
    attempts.run(
        "upload the blob " + blobName(digest),
        wire -> {
          LongConsumer told =
              sent -> {
                wire.touch();
                progress.accept(sent);
              };
          BlobContent blob = new BlobContent(digest, size, content, told);
          wire.client().pushBlob(jibs(digest), Blobs.from(blob, true), null, count -> {});
          return true;
        },
        // Not after content that is not what it should be: then it is the caller who is wrong.
        wire -> has(wire, digest) ? Optional.of(true) : Optional.empty());
  }

  @Override
  public boolean mount(Digest digest, ImageReference repository) {
    Address other = Address.of(repository);
    if (!other.server().equals(address.server())) {
      return false;
    }
    String from = other.path();
    return unlessItFails(
        "mount the blob " + blobName(digest) + " from " + from,
        wire -> {
          try {
            Upload upload = Requests.beginUpload(wire, "?mount=" + digest + "&from=" + from);
            upload.cancel(wire);
            return upload.finished();
          } catch (Answer answer) {
            if (Requests.refusesToMount(answer)) {
              return false;
            }
            throw answer;
          }
        });
  }

  @Override
  public void put(String tagOrDigest, Manifest manifest, Runnable beforeEachTry) {
    String name = checked(tagOrDigest);
    Digest digest = manifest.digest();
    // Several, if others set the tag between two tries.
    Set<Digest> before = ConcurrentHashMap.newKeySet();
    boolean there =
        attempts.run(
            "store the manifest " + digest + " as " + name(name),
            wire -> {
              if (!name.startsWith("sha256:")) {
                Requests.digest(wire, name).ifPresent(before::add);
              }
              beforeEachTry.run();
              wire.touch();
              wire.client().pushManifest(new RawManifest(manifest), name);
              return isThere(wire, name, digest, before);
            },
            wire ->
                Requests.digest(wire, name)
                    .filter(stored -> stored.equals(digest))
                    .map(same -> true));
    if (!there) {
      // What it had is what a cache before it still has: that passes, and is nobody's doing.
      attempts.run(
          "read back the manifest " + digest + " as " + name(name),
          wire -> {
            if (!isThere(wire, name, digest, before)) {
              throw new NotYetException("the registry took it, but shows what was there before");
            }
            return true;
          });
    }
  }

  /** Whether a manifest that was stored is seen; not if what was there before it still is. */
  private static boolean isThere(Wire wire, String name, Digest digest, Set<Digest> before)
      throws IOException {
    Digest stored =
        Requests.digest(wire, name)
            .orElseThrow(
                () -> new NotYetException("the registry took it, but does not have it yet"));
    if (!stored.equals(digest) && !before.contains(stored)) {
      throw new WrongContentException(
          "the registry has " + stored + " there: it, or somebody else, changed it");
    }
    return stored.equals(digest);
  }

  @Override
  public boolean delete(Digest manifest) {
    return unlessItFails(
        "delete " + address + "@" + manifest, wire -> Requests.delete(wire, manifest));
  }

  /** What can be done without: false if the registry fails at it more than once, too. */
  private boolean unlessItFails(String doing, Attempts.Work<Boolean> work) {
    AtomicInteger failures = new AtomicInteger();
    return attempts.run(
        doing,
        wire -> {
          try {
            return work.on(wire);
          } catch (Answer answer) {
            if (answer.status() >= 500 && failures.incrementAndGet() > 1) {
              return false;
            }
            throw answer;
          }
        });
  }

  private static boolean has(Wire wire, Digest digest) throws IOException, RegistryException {
    return wire.client().checkBlob(jibs(digest)).isPresent();
  }

  /** A tag or digest that is safe to have in an address. */
  private String checked(String tagOrDigest) {
    return tagOrDigest.startsWith("sha256:")
        ? Digest.parse(tagOrDigest).toString()
        : address.repository().withTag(tagOrDigest).effectiveTag().orElseThrow();
  }

  private String name(String tagOrDigest) {
    return address + (tagOrDigest.startsWith("sha256:") ? "@" : ":") + tagOrDigest;
  }

  private String blobName(Digest digest) {
    return digest.abbreviated() + " of " + address;
  }

  private static DescriptorDigest jibs(Digest digest) {
    try {
      return DescriptorDigest.fromHash(digest.hex());
    } catch (DigestException e) {
      throw new IllegalStateException("a digest is 64 hexadecimal digits for jib, too", e);
    }
  }
}

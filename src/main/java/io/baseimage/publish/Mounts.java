package io.baseimage.publish;

import io.baseimage.archive.KnownPlaces;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes blobs over from other repositories of the same registry: those that this run has seen them
 * in, and those that earlier ones have.
 */
final class Mounts {
  // What two of them do not give is sent.
  private static final int MOST = 2;

  private final KnownPlaces known;
  private final Map<Digest, Set<ImageReference>> seen = new ConcurrentHashMap<>();

  Mounts(KnownPlaces known) {
    this.known = known;
  }

  /** Whether a repository has a blob, of its own or of another one's. */
  boolean has(Registry target, Digest blob) {
    if (target.hasBlob(blob) || isTaken(target, blob)) {
      remember(target, blob);
      return true;
    }
    return false;
  }

  /** A repository has a blob now. */
  void remember(Registry target, Digest blob) {
    seen.computeIfAbsent(blob, any -> ConcurrentHashMap.newKeySet()).add(target.repository());
    known.remember(blob, target.repository());
  }

  private boolean isTaken(Registry target, Digest blob) {
    ImageReference own = target.repository();
    List<ImageReference> places = new ArrayList<>(seen.getOrDefault(blob, Set.of()));
    known.of(blob).stream().filter(place -> !places.contains(place)).forEach(places::add);
    return places.stream()
        .filter(place -> place.registry().equals(own.registry()) && !place.equals(own))
        .limit(MOST)
        .anyMatch(place -> isMounted(target, blob, place));
  }

  private boolean isMounted(Registry target, Digest blob, ImageReference from) {
    boolean mounted;
    try {
      mounted = target.mount(blob, from);
    } catch (RegistryException e) {
      if (!e.isForbidden()
          && e.kind() != RegistryException.Kind.REFUSED
          && e.kind() != RegistryException.Kind.NOT_FOUND) {
        throw e;
      }
      mounted = false;
    }
    if (!mounted) {
      known.forget(blob, from);
    }
    return mounted;
  }
}

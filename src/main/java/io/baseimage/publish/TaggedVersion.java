package io.baseimage.publish;

import io.baseimage.image.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A version in a repository, as its tags have it.
 *
 * @param tag the tag that never moves
 * @param variant what it was made of; empty if its manifest does not say
 * @param version its number, for example {@code 2026.11-003}
 * @param digest of its manifest or index
 * @param created when it was built, as its manifest says it; empty if it does not
 * @param published when it was given its number; empty if its manifest does not say it
 * @param platforms what it is for, if it is an index
 * @param aliases the tags that follow it now
 * @param withdrawn whether a rollback took the aliases off it for good
 * @param reasons why it was built; none if its manifest does not say it
 */
public record TaggedVersion(
    String tag,
    Optional<String> variant,
    String version,
    Digest digest,
    Optional<String> created,
    Optional<String> published,
    List<String> platforms,
    List<String> aliases,
    boolean withdrawn,
    List<String> reasons) {

  /** Copies the lists. */
  public TaggedVersion {
    platforms = List.copyOf(platforms);
    aliases = List.copyOf(aliases);
    reasons = List.copyOf(reasons);
  }

  /** When it was published, or else built. */
  public Optional<String> date() {
    return published.or(() -> created);
  }
}

package io.baseimage.rebuild;

import io.baseimage.pipeline.ImageDifference;
import io.baseimage.publish.Published;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a variant in a rebuild.
 *
 * @param freshness how its published image stood before
 * @param reasons why it was built; none if it was not
 * @param differences between the published image and what was built, one for each platform of which
 *     both are there and can be compared
 * @param published what is in the registry now; empty if nothing was published
 * @param failure what stopped it, in words; empty if nothing did
 */
public record Rebuild(
    Freshness freshness,
    Outcome outcome,
    List<Reason> reasons,
    List<ImageDifference> differences,
    Optional<Published> published,
    Optional<String> failure) {

  /** In a word. */
  public enum Outcome {
    /** It was not built: there was no reason. */
    NOT_NEEDED,
    /** It was not built: whether there was a reason could not be found out. */
    UNKNOWN,
    /** It was built, has the content of what is published, and was dropped. */
    SAME,
    /** It was built, has the content of a version that was withdrawn, and was dropped. */
    WITHDRAWN,
    /** It was built and is on the engine. */
    BUILT,
    /** It was built and published. */
    PUBLISHED,
    /** Something stopped it. */
    FAILED,
    /** The run ended before. */
    NOT_REACHED;

    /** For programs: {@code not-needed}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the lists. */
  public Rebuild {
    reasons = List.copyOf(reasons);
    differences = List.copyOf(differences);
  }
}

package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Published;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a variant whose runtime was to be exchanged.
 *
 * @param variant its name
 * @param repository where it is published
 * @param before what was published; empty if nothing was, or if it could not be read
 * @param outcome in a word
 * @param reasons what is new
 * @param isProven whether the new image has passed the contract suite
 * @param published what is in the registry now; empty if nothing was published
 * @param failure what forbids or stopped it, in words; empty if nothing did
 */
public record Rebase(
    String variant,
    ImageReference repository,
    Optional<CurrentVersion> before,
    Outcome outcome,
    List<Reason> reasons,
    boolean isProven,
    Optional<Published> published,
    Optional<String> failure) {

  /** In a word. */
  public enum Outcome {
    /** The runtime is the same. */
    NOT_NEEDED,
    /** It takes a build. */
    REFUSED,
    /** It can be done, and was not asked for. */
    POSSIBLE,
    /** It was published. */
    PUBLISHED,
    /** Something stopped it. */
    FAILED,
    /** It could have been done, but the run ended before that. */
    NOT_REACHED;

    /** For programs: {@code not-needed}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the list. */
  public Rebase {
    reasons = List.copyOf(reasons);
  }

  /** The same, published. */
  public Rebase published(Published now, boolean proven) {
    return ended(Outcome.PUBLISHED, proven, Optional.of(now), Optional.empty());
  }

  /** The same, stopped by something. */
  public Rebase failed(String why) {
    return ended(Outcome.FAILED, false, Optional.empty(), Optional.of(why));
  }

  /** The same, for which the run has ended too early. */
  public Rebase notReached() {
    return ended(Outcome.NOT_REACHED, false, Optional.empty(), Optional.empty());
  }

  /** The same, of which not all was done. */
  public Rebase but(String words) {
    return ended(outcome, isProven, published, Optional.of(words));
  }

  private Rebase ended(
      Outcome how, boolean proven, Optional<Published> now, Optional<String> words) {
    return new Rebase(variant, repository, before, how, reasons, proven, now, words);
  }
}

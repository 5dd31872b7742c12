package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.publish.CurrentVersion;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a variant's published image stands to what a build would give now.
 *
 * @param variant its name
 * @param repository where it is published
 * @param published what is there; empty if nothing is, or if it could not be read
 * @param reasons why it is not what a build would give
 * @param doubts what could not be found out, and why
 * @param ended the day on which the support of its release has ended; empty if it has not
 */
public record Freshness(
    String variant,
    ImageReference repository,
    Optional<CurrentVersion> published,
    List<Reason> reasons,
    List<String> doubts,
    Optional<LocalDate> ended) {

  /** What doubts about packages begin with. */
  static final String OF_PACKAGES = "packages: ";

  /** Copies the lists. */
  public Freshness {
    reasons = reasons.stream().distinct().toList();
    doubts = doubts.stream().distinct().toList();
  }

  /** In a word. What is certain goes before what is not. */
  public enum Verdict {
    /** A build would give the same. */
    FRESH,
    /** There is a reason to build. */
    STALE,
    /** There is none that is known, but not everything could be found out. */
    UNKNOWN,
    /**
     * There is none that is known, and there will be none: nobody mends what is in it. Archives of
     * ended releases go away, so what of the packages could not be found out changes nothing.
     */
    UNPATCHABLE;

    /** For programs: {@code stale}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What follows from what was found. */
  public Verdict verdict() {
    if (!reasons.isEmpty()) {
      return Verdict.STALE;
    }
    if (ended.isPresent() && doubts.stream().allMatch(doubt -> doubt.startsWith(OF_PACKAGES))) {
      return Verdict.UNPATCHABLE;
    }
    return doubts.isEmpty() ? Verdict.FRESH : Verdict.UNKNOWN;
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import java.util.Optional;

/**
 * A tag that a run was to set, and what became of it.
 *
 * @param tag its name; with {@code {version}} in it if no version was chosen
 * @param digest what it was set to; empty if that was not asked of the registry
 */
public record TagChange(
    ImageReference repository, Kind kind, String tag, Optional<Digest> digest, State state) {

  /** What a tag is for. */
  public enum Kind {
    /** It names a version, and never moves. */
    VERSION("published"),
    /** It says that a version is withdrawn. */
    WITHDRAWAL("withdrawn"),
    /** It follows versions. */
    ALIAS("moved");

    private final String done;

    Kind(String done) {
      this.done = done;
    }

    /** What one that was set is said to be. */
    String done() {
      return done;
    }
  }

  /** What became of it. */
  public enum State {
    /** It was set, and read back. */
    SET(""),
    /** The registry was asked to set it, and could not be asked, or not surely, whether it is. */
    UNKNOWN("perhaps "),
    /** This run has not set it. */
    NOT_SET("not ");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** What it makes of {@link Kind#done}. */
    String word() {
      return word;
    }
  }
}

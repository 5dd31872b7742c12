package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.TagChange.Kind;
import java.util.Optional;

/** Sets tags while it is a publisher's turn, and reads each back. */
final class TagWriter {
  private final Registry registry;
  private final PublisherTurn turn;
  private final TagChanges changes;
  private final RunLog log;

  /**
   * In one repository.
   *
   * @param changes told how far it came
   */
  TagWriter(Registry registry, PublisherTurn turn, TagChanges changes, RunLog log) {
    this.registry = registry;
    this.turn = turn;
    this.changes = changes;
    this.log = log;
  }

  /**
   * Gives a version its tag, which nobody else may have.
   *
   * @param planned what the tag was called before its number was known
   * @param keep run before each try
   * @return whether it is given; if not, somebody else has the tag
   */
  boolean give(String planned, String tag, Manifest manifest, Runnable keep) {
    turn.announce(tag);
    changes.begin(Kind.VERSION, planned, tag, manifest.digest());
    try {
      registry.put(
          tag,
          manifest,
          () -> {
            requireFree(tag, manifest.digest());
            keep.run();
          });
    } catch (TagTakenException e) {
      log.warn(name(tag) + " appeared after its number was chosen; it stays");
      changes.undone(planned);
      turn.settled(tag);
      return false;
    }
    requireThere(tag, manifest.digest());
    changes.done();
    turn.settled(tag);
    log.info("Published " + name(tag) + ", " + manifest.digest());
    return true;
  }

  /**
   * Moves an alias, whatever it names now.
   *
   * @param keep run before each try
   */
  void move(String alias, Manifest manifest, Runnable keep) {
    changes.begin(Kind.ALIAS, alias, alias, manifest.digest());
    registry.put(alias, manifest, keep);
    requireThere(alias, manifest.digest());
    changes.done();
  }

  /** Somebody has a tag that was free. */
  private static final class TagTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void requireFree(String tag, Digest own) {
    if (registry.digest(tag).filter(digest -> !digest.equals(own)).isPresent()) {
      throw new TagTakenException();
    }
  }

  private void requireThere(String tag, Digest digest) {
    Optional<Digest> there = registry.digest(tag);
    if (there.filter(digest::equals).isEmpty()) {
      throw new RegistryException(
          RegistryException.Kind.WRONG_CONTENT,
          "Tried to read back "
              + name(tag)
              + ", which was just set to "
              + digest
              + ", but it is "
              + there.map(Digest::toString).orElse("not there"));
    }
  }

  private ImageReference name(String tag) {
    return registry.repository().withTag(tag);
  }
}

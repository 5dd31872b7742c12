package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.version.ImageVersion;
import java.util.List;

/**
 * What a rollback changes in a repository.
 *
 * @param to the version that the aliases name then
 * @param withdrawn the versions that are not withdrawn yet, the oldest first
 * @param moves the tags that name a version which is withdrawn now or was withdrawn before
 */
public record RollbackPlan(ImageVersion to, List<ImageVersion> withdrawn, List<Move> moves) {

  /** Copies the lists. */
  public RollbackPlan {
    withdrawn = List.copyOf(withdrawn);
    moves = List.copyOf(moves);
  }

  /**
   * A tag that is to name another version.
   *
   * @param from what it names
   */
  public record Move(ImageReference alias, ImageVersion from) {}
}

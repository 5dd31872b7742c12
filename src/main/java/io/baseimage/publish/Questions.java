package io.baseimage.publish;

import io.baseimage.pipeline.AtOnce;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Questions to a registry, several at a time. */
final class Questions {
  private static final int AT_A_TIME = 8;

  private Questions() {}

  /**
   * Asks about each.
   *
   * @param doing as in "interrupted while {@code reading the tags of joe/app}"
   * @return the answers, in the same order
   */
  static <T, R> List<R> ask(Collection<T> all, Function<T, R> question, String doing) {
    return AtOnce.each(all, AT_A_TIME, doing, question);
  }
}

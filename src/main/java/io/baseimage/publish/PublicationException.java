package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.publish.TagChange.Kind;
import io.baseimage.publish.TagChange.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tags were to be set, and something ended that: a registry, an engine, a signal. The message says
 * what, and which tags were set and which not.
 */
public final class PublicationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RuntimeException failure;
  private final transient List<TagChange> changes;

  /**
   * A failure.
   *
   * @param failure what ended it, whose message this one's begins with
   * @param changes every tag that was to be set, in every repository
   */
  PublicationException(RuntimeException failure, List<TagChange> changes) {
    super(failure.getMessage() + "\n" + text(changes), failure);
    this.failure = failure;
    this.changes = List.copyOf(changes);
  }

  /** What ended it. */
  public RuntimeException failure() {
    return failure;
  }

  /** Every tag that was to be set, and what became of it. */
  public List<TagChange> changes() {
    return changes;
  }

  private static String text(List<TagChange> changes) {
    Map<ImageReference, List<TagChange>> repositories =
        changes.stream()
            .collect(
                Collectors.groupingBy(
                    TagChange::repository, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    repositories.forEach(
        (repository, its) -> {
          if (its.stream().allMatch(change -> change.state() == State.NOT_SET)) {
            text.append("Nothing visible was changed in ").append(repository).append(".\n");
          } else {
            text.append("In ").append(repository).append(":\n");
            for (State state : State.values()) {
              for (Kind kind : Kind.values()) {
                append(text, state, kind, its);
              }
            }
          }
        });
    if (changes.stream()
        .anyMatch(change -> change.kind() == Kind.VERSION && change.state() != State.NOT_SET)) {
      text.append("A version that is published stays. The next run takes the next number.\n");
    }
    return text.toString().stripTrailing();
  }

  private static void append(StringBuilder text, State state, Kind kind, List<TagChange> changes) {
    String tags =
        changes.stream()
            .filter(change -> change.state() == state && change.kind() == kind)
            .map(PublicationException::named)
            .collect(Collectors.joining(", "));
    if (!tags.isEmpty()) {
      text.append("  ").append(state.word()).append(kind.done()).append(": ");
      text.append(tags).append('\n');
    }
  }

  private static String named(TagChange change) {
    return switch (change.kind()) {
      case VERSION ->
          change.tag()
              + change
                  .digest()
                  .filter(digest -> change.state() != State.NOT_SET)
                  .map(digest -> "@" + digest)
                  .orElse("");
      case WITHDRAWAL ->
          change.tag().substring(0, change.tag().length() - RepositoryTags.WITHDRAWN.length());
      case ALIAS -> change.tag();
    };
  }
}

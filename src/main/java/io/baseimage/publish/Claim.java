package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.image.Manifest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one publisher tells the others about itself, under a tag of its own. Another one writes
 * there only to end it.
 *
 * @param state how far it is
 * @param ticket its place in the queue, from 1; 0 if it has none
 * @param session which run of the publisher this is
 * @param beat counts up with each sign of life
 * @param lease after how long without one the others may go on without it, ten minutes at most
 * @param pending versions' tags that it asked the registry to set, and does not know to be there: a
 *     request may arrive late, so nobody else is to give them
 * @param form how it is written
 */
record Claim(
    State state,
    long ticket,
    String session,
    long beat,
    Duration lease,
    Set<String> pending,
    Note form) {
  /** What the tags of publishers begin with. */
  static final String TAG_PREFIX = "publisher-";

  private static final String TYPE = "application/vnd.io.baseimage.publisher";
  private static final String KEY = "io.baseimage.publisher.";
  private static final long LONGEST_LEASE_MILLIS = Duration.ofMinutes(10).toMillis();

  /** How far a publisher is. */
  enum State {
    /** It looks for the highest ticket. */
    CHOOSING,
    /** It has a ticket, and waits for its turn or has it. */
    WAITING,
    /** It has ended, for ever. */
    IDLE
  }

  Claim {
    pending = Set.copyOf(pending);
  }

  /** What is left of it when its publisher has ended. */
  Claim ended(Set<String> stillPending) {
    return new Claim(State.IDLE, 0, session, beat + 1, lease, stillPending, form);
  }

  /** Whether the others, who have this ticket and tag, come after this one, who has that tag. */
  boolean isBefore(long otherTicket, String ownTag, String otherTag) {
    return ticket != otherTicket ? ticket < otherTicket : ownTag.compareTo(otherTag) < 0;
  }

  Manifest manifest() {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(KEY + "state", state.name());
    annotations.put(KEY + "ticket", Long.toString(ticket));
    annotations.put(KEY + "session", session);
    annotations.put(KEY + "beat", Long.toString(beat));
    annotations.put(KEY + "lease", Long.toString(lease.toMillis()));
    if (!pending.isEmpty()) {
      annotations.put(KEY + "pending", String.join(" ", new TreeSet<>(pending)));
    }
    return form.manifest(TYPE, annotations);
  }

  /** Reads one; nothing if somebody else's manifest is under the tag. */
  static Optional<Claim> of(Manifest manifest) {
    try {
      JsonNode notes = Manifests.read(manifest).path("annotations");
      return Optional.of(
          new Claim(
              State.valueOf(notes.path(KEY + "state").asText()),
              Long.parseLong(notes.path(KEY + "ticket").asText()),
              notes.path(KEY + "session").asText(),
              Long.parseLong(notes.path(KEY + "beat").asText()),
              lease(Long.parseLong(notes.path(KEY + "lease").asText())),
              pending(notes.path(KEY + "pending").asText("")),
              Note.of(manifest)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Duration lease(long millis) {
    return Duration.ofMillis(Math.max(0, Math.min(millis, LONGEST_LEASE_MILLIS)));
  }

  private static Set<String> pending(String words) {
    return Arrays.stream(words.split(" ", -1))
        .filter(each -> !each.isEmpty())
        .collect(Collectors.toSet());
  }
}

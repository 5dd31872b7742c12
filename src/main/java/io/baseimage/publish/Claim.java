package io.baseimage.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.baseimage.image.Manifest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one publisher tells the others about itself, under a tag that it alone writes.
 *
 * @param state how far it is
 * @param ticket its place in the queue, from 1; 0 if it has none
 * @param session which run of the publisher this is
 * @param beat counts up with each sign of life
 * @param lease after how long without one the others may go on without it
 */
record Claim(State state, long ticket, String session, long beat, Duration lease) {
  /** What the tags of publishers begin with. */
  static final String TAG_PREFIX = "publisher-";

  private static final String TYPE = "application/vnd.io.baseimage.publisher";
  private static final String KEY = "io.baseimage.publisher.";

  /** How far a publisher is. */
  enum State {
    /** It looks for the highest ticket. */
    CHOOSING,
    /** It has a ticket, and waits for its turn or has it. */
    WAITING,
    /** It has ended. */
    IDLE
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
    return Manifests.note(TYPE, annotations);
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
              Duration.ofMillis(Long.parseLong(notes.path(KEY + "lease").asText()))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

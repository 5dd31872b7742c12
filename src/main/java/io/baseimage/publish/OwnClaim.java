package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.publish.Claim.State;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a publisher writes about itself in a repository, under a tag that is made up for it: no
 * other one can have the same, be it a copy of this machine. Not for several threads at once.
 */
final class OwnClaim {
  // A registry that takes seconds for a request is waited for longer.
  private static final int LEASE_IN_REQUESTS = 12;
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(3);

  private final Registry registry;
  private final Ticker ticker;
  private final Set<String> pending;
  private final String tag =
      Claim.TAG_PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  private Duration lease = PublisherTurn.LEAST_LEASE;
  private Claim claim;
  private long lastSign;
  private boolean unsure;
  private boolean written;

  /**
   * One that is not written yet.
   *
   * @param session which run of a publisher this is
   * @param pending as {@link Claim} has it, whatever it holds when something is written
   */
  OwnClaim(Registry registry, String session, Ticker ticker, Set<String> pending) {
    this.registry = registry;
    this.ticker = ticker;
    this.pending = pending;
    this.claim = new Claim(State.IDLE, 0, session, 0, lease, Set.of(), Note.ARTIFACT);
  }

  String tag() {
    return tag;
  }

  long ticket() {
    return claim.ticket();
  }

  /** How long the others wait for it, if they saw what was written last. */
  Duration lease() {
    return unsure ? lease : claim.lease();
  }

  /** Enters the queue, at its end. Nobody waits for a sign from one that is not in it. */
  void enter() {
    lastSign = ticker.nanoTime();
    claim =
        new Claim(
            State.IDLE,
            0,
            claim.session(),
            claim.beat(),
            Duration.ofDays(1),
            Set.of(),
            claim.form());
    write(State.CHOOSING, 0);
  }

  /**
   * Writes what is new, which is a sign of life, too.
   *
   * @return whether it came within the lease of the last one
   */
  boolean write(State state, long ticket) {
    Claim wanted = claim(state, ticket, claim.form());
    long asked = ticker.nanoTime();
    unsure = true;
    Claim next = written ? put(wanted) : putFirst(wanted);
    unsure = false;
    long took = ticker.nanoTime() - asked;
    boolean inTime = asked + took - lastSign <= claim.lease().toNanos();
    claim = next;
    lastSign = asked;
    Duration due = Duration.ofNanos(took).multipliedBy(LEASE_IN_REQUESTS);
    lease = min(max(lease, due), LONGEST_LEASE);
    written = true;
    return inTime;
  }

  private Claim claim(State state, long ticket, Note form) {
    return new Claim(state, ticket, claim.session(), claim.beat() + 1, lease, pending, form);
  }

  /** As the form that the registry takes. */
  private Claim putFirst(Claim wanted) {
    wanted.form().upload(registry);
    try {
      registry.put(tag, wanted.manifest());
      return wanted;
    } catch (RegistryException e) {
      if (e.kind() != RegistryException.Kind.REFUSED) {
        throw explained(e);
      }
    }
    Note.IMAGE.upload(registry);
    return put(claim(wanted.state(), wanted.ticket(), Note.IMAGE));
  }

  private Claim put(Claim next) {
    try {
      registry.put(tag, next.manifest());
      return next;
    } catch (RegistryException e) {
      throw explained(e);
    }
  }

  private static RegistryException explained(RegistryException e) {
    if (e.kind() != RegistryException.Kind.REFUSED && e.kind() != RegistryException.Kind.DENIED) {
      return e;
    }
    return new RegistryException(
        e.kind(),
        e.getMessage()
            + " By such tags publishers take turns: the registry has to let them be set and set"
            + " again, and rules that make tags immutable have to leave out '"
            + Claim.TAG_PREFIX
            + "*' and the aliases.");
  }

  /**
   * Tries what a turn takes, without entering the queue: nobody waits for what it leaves behind
   * where it is not deleted.
   *
   * @throws RegistryException of kind {@link RegistryException.Kind#REFUSED} or {@link
   *     RegistryException.Kind#DENIED} if the registry does not let a tag be set and set again
   */
  void tryOut() {
    write(State.IDLE, 0);
    write(State.IDLE, 0);
    registry.delete(claim.manifest().digest());
  }

  /** What the notes that the registry takes are written as; known when one is written. */
  Note form() {
    return claim.form();
  }

  /** Writes the same once more. */
  boolean repeat() {
    return write(claim.state(), claim.ticket());
  }

  boolean isDue() {
    return age() > claim.lease().dividedBy(4).toNanos();
  }

  /** Whether what is asked for now may not arrive within the lease. */
  boolean isLate() {
    return age() > claim.lease().dividedBy(2).toNanos();
  }

  private long age() {
    return ticker.nanoTime() - lastSign;
  }

  /**
   * Whether the tag has what was written last: others end it when they have waited in vain. One
   * answer that it has not may be a wrong one.
   */
  boolean isThere() {
    Optional<Digest> own = Optional.of(claim.manifest().digest());
    boolean seen = registry.digest(tag).equals(own);
    return seen || registry.digest(tag).equals(own);
  }

  /** Lets the others go on. */
  void end() {
    Optional<Claim> there = unsure ? registry.manifest(tag).flatMap(Claim::of) : Optional.of(claim);
    there.ifPresent(its -> end(registry, tag, its, pending));
  }

  /**
   * Ends a claim, and takes its tag away where the registry deletes: some say that they do, and
   * keep it.
   *
   * @param there what the tag has now
   */
  static void end(Registry registry, String tag, Claim there, Set<String> pending) {
    Digest digest = there.manifest().digest();
    boolean gone =
        pending.isEmpty()
            && registry.delete(digest)
            && registry.digest(tag).filter(digest::equals).isEmpty();
    if (!gone) {
      registry.put(tag, there.ended(pending).manifest());
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.Claim.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One publisher's place in a repository's queue, and then the right to give tags there, for as long
 * as it is kept. Signs of life go on in a thread of their own.
 */
final class PublisherTurn implements AutoCloseable {
  /**
   * How long the others wait for one that says nothing more, at least. What it has asked for may
   * still arrive later: hence {@link Claim#pending}.
   */
  static final Duration LEAST_LEASE = Duration.ofSeconds(20);

  // A registry that takes seconds for a request is waited for longer.
  private static final int LEASE_IN_REQUESTS = 12;
  private static final Duration LONGEST_OWN_LEASE = Duration.ofMinutes(3);
  private static final Duration SIGNS = LEAST_LEASE.dividedBy(5);

  private final Registry registry;
  private final PublisherName name;
  private final String session;
  private final Ticker ticker;
  private final RunLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Claim> passedOver = new HashMap<>();
  private final Set<String> avoided = new HashSet<>();
  private final Set<String> pending = new HashSet<>();
  private Duration lease = LEAST_LEASE;
  private String tag = "";
  private Claim claim;
  private long lastSign;
  private boolean begun;
  private boolean unsure;
  private boolean isOwn;
  private @Nullable RegistryException lost;
  private @Nullable RuntimeException trouble;
  private Ticker.@Nullable Repetition signs;

  PublisherTurn(Registry registry, PublisherName name, String session, Ticker ticker, RunLog log) {
    this.registry = registry;
    this.name = name;
    this.session = session;
    this.ticker = ticker;
    this.log = log;
    this.claim = new Claim(State.IDLE, 0, session, 0, lease, Set.of());
  }

  String tag() {
    return tag;
  }

  long ticket() {
    return claim.ticket();
  }

  String session() {
    return session;
  }

  boolean isOwn() {
    return isOwn;
  }

  /** The tags of versions that others may still be setting: they are not to be given. */
  Set<String> avoided() {
    Set<String> all = new HashSet<>(avoided);
    guarded(() -> all.addAll(pending));
    return all;
  }

  void avoid(Set<String> tags) {
    avoided.addAll(tags);
  }

  /** Another publisher says nothing more; it is not waited for a second time. */
  void passOver(String othersTag, Claim other) {
    passedOver.put(othersTag, other);
  }

  /** Enters the queue, at its end. */
  void begin() {
    guarded(
        () -> {
          isOwn = false;
          lost = null;
          if (!begun) {
            enter();
          }
          // Nobody waits for a sign from one that is not in the queue.
          lastSign = ticker.nanoTime();
          claim = new Claim(State.IDLE, 0, session, claim.beat(), Duration.ofDays(1), pending);
          write(State.CHOOSING, 0);
        });
  }

  private void enter() {
    tag = Claim.TAG_PREFIX + name.get();
    Optional<Claim> before = registry.manifest(tag).flatMap(Claim::of);
    if (before.isPresent() && before.get().state() != State.IDLE) {
      String other = before.get().session();
      requireOther(other);
      if (!name.wasIn(registry.repository(), other)) {
        log.warn(
            "Another publisher of "
                + registry.repository()
                + " has the name of this one, as machines have that were copied, or containers that"
                + " share a folder for state: this one takes a new name");
        tag = Claim.TAG_PREFIX + name.change();
        before = Optional.empty();
      }
    }
    // What an earlier run may still be setting stays avoided.
    before.ifPresent(
        its -> {
          pending.addAll(its.pending());
          claim = new Claim(State.IDLE, 0, session, its.beat(), lease, pending);
        });
    name.enter(registry.repository(), session);
    begun = true;
  }

  /** Whoever publishes to one repository under two names would wait for itself. */
  void requireOther(String otherSession) {
    if (otherSession.equals(session)) {
      throw new RegistryException(
          RegistryException.Kind.REFUSED,
          "Tried to publish to "
              + registry.repository()
              + ", but this run does that already by another name of the same repository. Name it"
              + " once.");
    }
  }

  /** Takes a place. */
  void number(long ticket) {
    guarded(() -> write(State.WAITING, ticket));
  }

  /** The last one before this one has ended. */
  void confirm() {
    guarded(
        () -> {
          requireUnchanged();
          renew();
          isOwn = true;
        });
    if (signs == null) {
      signs = ticker.every(SIGNS, this::sign);
    }
  }

  /**
   * Gives a sign of life if one is due, and looks whether the last one is still there. To be called
   * before each request that gives a tag.
   *
   * @throws TurnLostException if the turn may be over, because no sign was given for too long, or
   *     because another publisher writes to the same tag
   */
  void keep() {
    guarded(
        () -> {
          // However long that takes, what is said last is whether the turn still stands.
          if (isOwn) {
            requireUnchanged();
          }
          renew();
        });
  }

  /** Tells the others which version's tag is set next, whenever that request may arrive. */
  void announce(String version) {
    guarded(
        () -> {
          requireUnchanged();
          pending.add(version);
          write(claim.state(), claim.ticket());
        });
  }

  /** A version's tag was read back; the next sign of life says so. */
  void settled(String version) {
    guarded(() -> pending.remove(version));
  }

  private void sign() {
    try {
      guarded(
          () -> {
            if (isOwn) {
              if (isDue()) {
                requireUnchanged();
              }
              renew();
              trouble = null;
            }
          });
    } catch (RegistryException | InterruptedRunException | TurnLostException e) {
      trouble = e;
    }
  }

  private void write(State state, long ticket) {
    Claim next = new Claim(state, ticket, session, claim.beat() + 1, lease, pending);
    long asked = ticker.nanoTime();
    unsure = true;
    registry.put(tag, next.manifest());
    unsure = false;
    long took = ticker.nanoTime() - asked;
    boolean late = asked + took - lastSign > claim.lease().toNanos();
    claim = next;
    lastSign = asked;
    Duration wanted = Duration.ofNanos(took).multipliedBy(LEASE_IN_REQUESTS);
    lease = min(max(lease, wanted), LONGEST_OWN_LEASE);
    if (late) {
      throw lose(late());
    }
  }

  private void renew() {
    if (lost != null) {
      throw new TurnLostException(lost);
    }
    if (isDue()) {
      write(claim.state(), claim.ticket());
    }
    // What is asked for now has to arrive within the other half.
    if (age() > claim.lease().dividedBy(2).toNanos()) {
      throw lose(late());
    }
  }

  private boolean isDue() {
    return age() > claim.lease().dividedBy(4).toNanos();
  }

  private void requireUnchanged() {
    Optional<Digest> there = registry.digest(tag);
    if (there.filter(claim.manifest().digest()::equals).isEmpty()) {
      begun = false;
      throw lose(
          new RegistryException(
              RegistryException.Kind.REFUSED,
              "Tried to give tags in "
                  + registry.repository()
                  + ", but "
                  + tag
                  + ", this publisher's own tag there, was written by another one or removed. Run"
                  + " it again."));
    }
  }

  private TurnLostException lose(RegistryException failure) {
    lost = failure;
    return new TurnLostException(failure);
  }

  private long age() {
    return ticker.nanoTime() - lastSign;
  }

  private RegistryException late() {
    String seen = trouble == null ? "" : String.valueOf(trouble.getMessage());
    return new RegistryException(
        RegistryException.Kind.UNAVAILABLE,
        "Tried to give tags in "
            + registry.repository()
            + ", but no sign of life got through for so long that another publisher may have taken"
            + " the turn. No tag was given after that. Run it again when the registry is quicker."
            + (seen.isEmpty() ? "" : " What it was: " + seen));
  }

  private void guarded(Runnable work) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("waiting for a registry to take a sign of life");
    }
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the next one go on, and takes the tag away where the registry deletes. What was done is
   * done: if that fails the others wait for a while, and it is told.
   */
  @Override
  public void close() {
    if (signs != null) {
      signs.close();
    }
    if (!begun) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      guarded(this::end);
      passedOver.forEach(this::end);
    } catch (RegistryException | InterruptedRunException e) {
      log.warn(
          "Others wait for this publisher for up to "
              + claim.lease().toSeconds()
              + " s, as it could not say that it has ended: "
              + e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end() {
    isOwn = false;
    Claim there = claim;
    if (unsure) {
      Optional<Claim> seen = registry.manifest(tag).flatMap(Claim::of);
      if (seen.filter(own -> own.session().equals(session)).isEmpty()) {
        return;
      }
      there = seen.get();
    }
    if (!pending.isEmpty() || !registry.delete(there.manifest().digest())) {
      registry.put(
          tag, new Claim(State.IDLE, 0, session, there.beat() + 1, lease, pending).manifest());
    }
  }

  /** Nobody else is to wait for one that has died; should it live after all, it notices. */
  private void end(String othersTag, Claim there) {
    Digest digest = there.manifest().digest();
    if (registry.digest(othersTag).filter(digest::equals).isPresent()
        && (!there.pending().isEmpty() || !registry.delete(digest))) {
      registry.put(othersTag, there.ended().manifest());
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

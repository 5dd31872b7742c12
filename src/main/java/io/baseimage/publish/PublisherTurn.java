package io.baseimage.publish;

import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.publish.Claim.State;
import java.time.Duration;
import java.util.HashSet;
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

  private static final Duration SIGNS = LEAST_LEASE.dividedBy(5);

  private final Registry registry;
  private final LastClaim last;
  private final String session;
  private final Ticker ticker;
  private final RunLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> avoided = new HashSet<>();
  private final Set<String> pending = new HashSet<>();
  private OwnClaim claim;
  private boolean begun;
  private boolean isOwn;
  private @Nullable RegistryException lost;
  private @Nullable RuntimeException trouble;
  private Ticker.@Nullable Repetition signs;

  PublisherTurn(Registry registry, LastClaim last, String session, Ticker ticker, RunLog log) {
    this.registry = registry;
    this.last = last;
    this.session = session;
    this.ticker = ticker;
    this.log = log;
    this.claim = new OwnClaim(registry, session, ticker, pending);
  }

  /** How notes are written here. */
  Note form() {
    return claim.form();
  }

  String tag() {
    return claim.tag();
  }

  long ticket() {
    return claim.ticket();
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

  /** Enters the queue, at its end. */
  void begin() {
    guarded(
        () -> {
          isOwn = false;
          lost = null;
          begun = true;
          last.set(claim.tag());
          claim.enter();
        });
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
    guarded(() -> requireInTime(claim.write(State.WAITING, ticket)));
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
   *     because another publisher has ended it
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
          requireInTime(claim.repeat());
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
              if (claim.isDue()) {
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

  private void renew() {
    if (lost != null) {
      throw new TurnLostException(lost);
    }
    if (claim.isDue()) {
      requireInTime(claim.repeat());
    }
    // What is asked for now has to arrive within the other half.
    requireInTime(!claim.isLate());
  }

  private void requireInTime(boolean inTime) {
    if (!inTime) {
      throw lose(late());
    }
  }

  private void requireUnchanged() {
    if (!claim.isThere()) {
      String was = claim.tag();
      // Whoever goes on without this one may still be writing there.
      claim = new OwnClaim(registry, session, ticker, pending);
      begun = false;
      throw lose(
          new RegistryException(
              RegistryException.Kind.REFUSED,
              "Tried to give tags in "
                  + registry.repository()
                  + ", but "
                  + was
                  + ", this publisher's own tag there, was ended by another one or removed. Run"
                  + " it again."));
    }
  }

  private TurnLostException lose(RegistryException failure) {
    lost = failure;
    return new TurnLostException(failure);
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
    boolean interrupted = Thread.interrupted();
    try {
      guarded(
          () -> {
            isOwn = false;
            if (begun) {
              claim.end();
            }
            last.clear();
          });
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
}

package io.baseimage.publish;

import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.Claim.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Lets one publisher at a time give tags in a repository, wherever the others run. Registries have
 * no operation that sets a tag only if nobody else has set it, so each publisher writes to a tag of
 * its own and reads the others', by the bakery algorithm (L. Lamport, "A New Solution of Dijkstra's
 * Concurrent Programming Problem", 1974): it stays right however slow a request is. Only a
 * publisher that gives no sign of life for its lease is passed over, and no number that it may
 * still be giving is given by the others.
 */
final class PublisherQueue {
  // Each loss takes a lease without any sign of life getting through: ten minutes and more in all.
  private static final int MOST_LOSSES = 30;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
  private static final Duration LONGEST_LAG = Duration.ofMinutes(2);

  private final Registry registry;
  private final Claims claims;
  private final LastClaim last;
  private final String session;
  private final Ticker ticker;
  private final RunLog log;
  private final Map<String, Seen> seen = new HashMap<>();
  private int losses;

  /**
   * A place in the queue of a repository.
   *
   * @param known the manifests that others have left behind
   * @param last what one of this user's has left behind
   * @param session which run of the publisher this is; nobody else has it
   */
  PublisherQueue(
      Registry registry,
      KnownManifests known,
      LastClaim last,
      String session,
      Ticker ticker,
      RunLog log) {
    this.registry = registry;
    this.claims = new Claims(registry, known);
    this.last = last;
    this.session = session;
    this.ticker = ticker;
    this.log = log;
  }

  /**
   * The queue of a repository.
   *
   * @param last none where several of this user's may be there at once
   */
  static PublisherQueue of(
      Registry registry, Workspace workspace, LastClaim last, String session, RunLog log) {
    return new PublisherQueue(
        registry, new KnownManifests(workspace.cache()), last, session, Ticker.SYSTEM, log);
  }

  /** Waits until it is this publisher's turn. The turn has to be closed. */
  PublisherTurn take() {
    return take(() -> {});
  }

  /**
   * Waits until it is this publisher's turn. The turn has to be closed.
   *
   * @param waiting run again and again meanwhile
   */
  PublisherTurn take(Runnable waiting) {
    PublisherTurn turn = new PublisherTurn(registry, last, session, ticker, log);
    try {
      last.get().ifPresent(this::endLast);
      queue(turn, waiting);
      return turn;
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
  }

  /** Should it live after all, as in a copy of this machine, it notices and queues again. */
  private void endLast(String tag) {
    claims
        .of(tag)
        .filter(claim -> claim.state() != State.IDLE && !claim.session().equals(session))
        .ifPresent(claim -> OwnClaim.end(registry, tag, claim, claim.pending()));
  }

  /**
   * Waits once more, for a turn that was lost.
   *
   * @param loss what it was lost by; thrown on where this has gone on for too long
   */
  void takeAgain(PublisherTurn turn, TurnLostException loss, Runnable waiting) {
    tell(loss);
    queue(turn, waiting);
  }

  private void tell(TurnLostException loss) {
    losses++;
    if (losses > MOST_LOSSES) {
      throw loss.failure();
    }
    log.info(loss.failure().getMessage() + " Queueing again.");
  }

  private void queue(PublisherTurn turn, Runnable waiting) {
    while (true) {
      try {
        once(turn, waiting);
        return;
      } catch (TurnLostException e) {
        tell(e);
      }
    }
  }

  private void once(PublisherTurn turn, Runnable waiting) {
    turn.begin();
    untilListed(turn, waiting);
    Collection<Claim> there = others(turn).values();
    if (there.stream().allMatch(other -> other.state() == State.IDLE)) {
      // Whoever comes from now on finds this one choosing, and waits until it has ended.
      turn.confirm();
      return;
    }
    long highest = 0;
    for (Claim other : there) {
      if (other.state() == State.WAITING) {
        highest = Math.max(highest, other.ticket());
      }
    }
    turn.number(highest + 1);
    others(turn).forEach((tag, other) -> waitFor(tag, other, turn, waiting));
    turn.confirm();
  }

  /** What another one said, and since when it has said nothing else. */
  private record Seen(Claim claim, long since) {}

  private Seen see(String tag, Claim claim) {
    return seen.compute(
        tag,
        (its, before) ->
            before != null && before.claim().equals(claim)
                ? before
                : new Seen(claim, ticker.nanoTime()));
  }

  private SortedMap<String, Claim> others(PublisherTurn turn) {
    List<String> tags = new ArrayList<>(registry.tags());
    tags.remove(turn.tag());
    SortedMap<String, Claim> others = claims.among(tags);
    others.values().forEach(claim -> turn.avoid(claim.pending()));
    // They are waited for one after the other, but their leases run from now on.
    others.forEach(this::see);
    return others;
  }

  /**
   * Lists of tags may be old ones, of some cache. Whoever reads one after this publisher has found
   * itself there sees it, too; and whoever has not seen it has taken its place before, and is seen.
   */
  private void untilListed(PublisherTurn turn, Runnable waiting) {
    long since = ticker.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (!registry.tags().contains(turn.tag())) {
      if (ticker.nanoTime() - since > LONGEST_LAG.toNanos()) {
        throw new RegistryException(
            RegistryException.Kind.UNAVAILABLE,
            "Tried to see who else publishes to "
                + registry.repository()
                + ", but its list of tags lacks "
                + turn.tag()
                + ", which was set "
                + LONGEST_LAG.toSeconds()
                + " s ago: it is an old list, or hides such tags. Nothing was published. Run it"
                + " again, or ask whoever runs the registry, or the cache before it.");
      }
      pause = pause(turn, waiting, pause);
    }
  }

  private void waitFor(String tag, Claim other, PublisherTurn turn, Runnable waiting) {
    Optional<Claim> now = Optional.of(other);
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    while (true) {
      if (now.isEmpty()
          || now.get().state() == State.IDLE
          || (now.get().state() == State.WAITING
              && !now.get().isBefore(turn.ticket(), tag, turn.tag()))) {
        return;
      }
      turn.requireOther(now.get().session());
      turn.avoid(now.get().pending());
      long silent = ticker.nanoTime() - see(tag, now.get()).since();
      if (silent > now.get().lease().toNanos() && end(tag, now.get())) {
        return;
      }
      if (!told) {
        log.info("Waiting for another publisher of " + registry.repository());
        told = true;
      }
      pause = pause(turn, waiting, pause);
      now = claims.of(tag);
    }
  }

  /**
   * Passes over one that says nothing more: it is ended where all see it, itself included, should
   * it live after all.
   *
   * @return whether it has said nothing since
   */
  private boolean end(String tag, Claim there) {
    if (registry.digest(tag).filter(there.manifest().digest()::equals).isEmpty()) {
      return false;
    }
    log.warn(
        "A publisher that has given no sign of life for "
            + there.lease().toSeconds()
            + " s is passed over ("
            + registry.repository().withTag(tag)
            + ")");
    OwnClaim.end(registry, tag, there, there.pending());
    return true;
  }

  private Duration pause(PublisherTurn turn, Runnable waiting, Duration pause) {
    turn.keep();
    waiting.run();
    try {
      ticker.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("waiting for another publisher");
    }
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }
}

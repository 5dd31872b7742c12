package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.Claim.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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

  private final Registry registry;
  private final PublisherName name;
  private final KnownManifests known;
  private final String session;
  private final Ticker ticker;
  private final RunLog log;
  private final Map<Digest, Optional<Claim>> read = new ConcurrentHashMap<>();
  private int losses;

  /**
   * A place in the queue of a repository.
   *
   * @param known the manifests that others have left behind
   * @param session which run of the publisher this is; nobody else has it
   */
  PublisherQueue(
      Registry registry,
      PublisherName name,
      KnownManifests known,
      String session,
      Ticker ticker,
      RunLog log) {
    this.registry = registry;
    this.name = name;
    this.known = known;
    this.session = session;
    this.ticker = ticker;
    this.log = log;
  }

  /** The queue of a repository, for this user on this machine. */
  static PublisherQueue of(Registry registry, Workspace workspace, String session, RunLog log) {
    return new PublisherQueue(
        registry,
        PublisherName.of(workspace),
        new KnownManifests(workspace.cache()),
        session,
        Ticker.SYSTEM,
        log);
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
    Digest empty = Digest.of(Manifests.EMPTY);
    if (!registry.hasBlob(empty)) {
      registry.upload(
          empty, Manifests.EMPTY.length, ContentSource.of(Manifests.EMPTY), bytes -> {});
    }
    PublisherTurn turn = new PublisherTurn(registry, name, session, ticker, log);
    try {
      queue(turn, waiting);
      return turn;
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
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
    long highest = 0;
    for (Place other : others(turn)) {
      if (other.claim().state() == State.WAITING) {
        highest = Math.max(highest, other.claim().ticket());
      }
    }
    turn.number(highest + 1);
    for (Place other : others(turn)) {
      waitFor(other, turn, waiting);
    }
    turn.confirm();
  }

  /** What another publisher says. */
  private record Place(String tag, Claim claim) {}

  private List<Place> others(PublisherTurn turn) {
    List<String> tags = new ArrayList<>(registry.tags());
    tags.removeIf(tag -> !tag.startsWith(Claim.TAG_PREFIX) || tag.equals(turn.tag()));
    List<Optional<Claim>> claims =
        Questions.ask(tags, this::read, "reading who publishes to " + registry.repository());
    List<Place> others = new ArrayList<>();
    for (int i = 0; i < tags.size(); i++) {
      String tag = tags.get(i);
      claims
          .get(i)
          .ifPresent(
              claim -> {
                turn.avoid(claim.pending());
                others.add(new Place(tag, claim));
              });
    }
    return others;
  }

  /** Asks for the digest first: registries count the reading of a manifest as a pull. */
  private Optional<Claim> read(String tag) {
    Optional<Digest> digest = registry.digest(tag);
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    Optional<Claim> before = read.get(digest.get());
    if (before != null) {
      return before;
    }
    Optional<Manifest> manifest = known.find(digest.get()).or(() -> registry.manifest(tag));
    Optional<Claim> claim = manifest.flatMap(Claim::of);
    manifest.ifPresent(
        its -> {
          read.put(its.digest(), claim);
          if (claim.filter(each -> each.state() == State.IDLE).isPresent()) {
            known.remember(its);
          }
        });
    return claim;
  }

  private void waitFor(Place other, PublisherTurn turn, Runnable waiting) {
    String tag = other.tag();
    Optional<Claim> seen = Optional.empty();
    Optional<Claim> now = Optional.of(other.claim());
    long since = ticker.nanoTime();
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
      if (!now.equals(seen)) {
        seen = now;
        since = ticker.nanoTime();
      } else if (ticker.nanoTime() - since > now.get().lease().toNanos()) {
        log.warn(
            "A publisher that has given no sign of life for "
                + now.get().lease().toSeconds()
                + " s is passed over ("
                + registry.repository().withTag(tag)
                + ")");
        turn.passOver(tag, now.get());
        return;
      }
      if (!told) {
        log.info("Waiting for another publisher of " + registry.repository());
        told = true;
      }
      turn.keep();
      waiting.run();
      sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      now = read(tag);
    }
  }

  private void sleep(Duration duration) {
    try {
      ticker.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("waiting for another publisher");
    }
  }
}

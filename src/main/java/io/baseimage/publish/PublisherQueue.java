package io.baseimage.publish;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.ContentSource;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.Claim.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets one publisher at a time give tags in a repository, wherever the others run. Registries have
 * no operation that sets a tag only if nobody else has set it, so each publisher writes to a tag of
 * its own and reads the others', by the bakery algorithm (L. Lamport, "A New Solution of Dijkstra's
 * Concurrent Programming Problem", 1974): it stays right however slow a request is. Only a
 * publisher that gives no sign of life for its lease is passed over.
 */
final class PublisherQueue {
  /** How long the others wait for one that says nothing more, at least. */
  static final Duration LEAST_LEASE = Duration.ofSeconds(15);

  // A registry that takes a second for a request is waited for longer.
  private static final int LEASE_IN_REQUESTS = 12;
  private static final int MOST_ATTEMPTS = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

  private final Registry registry;
  private final String ownTag;
  private final Ticker ticker;
  private final RunLog log;

  /**
   * A place in the queue of a repository.
   *
   * @param publisher who this is: letters and digits that no other publisher has at the same time
   */
  PublisherQueue(Registry registry, String publisher, Ticker ticker, RunLog log) {
    this.registry = registry;
    this.ownTag = Claim.TAG_PREFIX + publisher;
    this.ticker = ticker;
    this.log = log;
  }

  /** The queue of a repository, for this user on this machine. */
  static PublisherQueue of(Registry registry, Workspace workspace, RunLog log) {
    return new PublisherQueue(registry, publisher(workspace), Ticker.SYSTEM, log);
  }

  /** Who this is in the queues of repositories: the same from run to run. */
  private static String publisher(Workspace workspace) {
    Path file = workspace.state().resolve("publisher");
    try {
      try {
        String name = Files.readString(file).strip();
        if (name.matches("[0-9a-f]{12}")) {
          return name;
        }
      } catch (NoSuchFileException e) {
        Files.createDirectories(workspace.state());
      }
      Path written = Files.createTempFile(workspace.state(), "publisher", null);
      Files.writeString(
          written, UUID.randomUUID().toString().replace("-", "").substring(0, 12) + "\n");
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new OutputException("remember this publisher's name", file, e);
    }
  }

  /** Waits until it is this publisher's turn. The turn has to be closed. */
  Turn take() {
    return take(() -> {});
  }

  /**
   * Waits until it is this publisher's turn. The turn has to be closed.
   *
   * @param waiting run again and again meanwhile
   */
  Turn take(Runnable waiting) {
    Digest empty = Digest.of(Manifests.EMPTY);
    if (!registry.hasBlob(empty)) {
      registry.upload(
          empty, Manifests.EMPTY.length, ContentSource.of(Manifests.EMPTY), bytes -> {});
    }
    Turn turn = new Turn();
    try {
      for (int late = 0; !turn.isOwn && late < MOST_ATTEMPTS; late++) {
        try {
          queue(turn, waiting);
        } catch (LateException e) {
          log.info("The registry answers late; queueing again for " + registry.repository());
        }
      }
      if (!turn.isOwn) {
        throw turn.tooLate();
      }
      return turn;
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
  }

  private void queue(Turn turn, Runnable waiting) {
    turn.begin();
    long highest = 0;
    for (String tag : others()) {
      Optional<Claim> other = read(tag);
      if (other.isPresent() && other.get().state() == State.WAITING) {
        highest = Math.max(highest, other.get().ticket());
      }
    }
    turn.write(State.WAITING, highest + 1);
    for (String tag : others()) {
      waitFor(tag, turn, waiting);
    }
    turn.confirm();
  }

  private List<String> others() {
    List<String> tags = new ArrayList<>(registry.tags());
    tags.removeIf(tag -> !tag.startsWith(Claim.TAG_PREFIX) || tag.equals(ownTag));
    return tags;
  }

  private Optional<Claim> read(String tag) {
    return registry.manifest(tag).flatMap(Claim::of);
  }

  private void waitFor(String tag, Turn turn, Runnable waiting) {
    Optional<Claim> seen = Optional.empty();
    long since = ticker.nanoTime();
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    while (true) {
      Optional<Claim> now = read(tag);
      if (now.isEmpty()
          || now.get().state() == State.IDLE
          || (now.get().state() == State.WAITING
              && !now.get().isBefore(turn.claim.ticket(), tag, ownTag))) {
        return;
      }
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

  /** The registry answered so late that the others may have gone on. */
  private static final class LateException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The right to give tags, for as long as it is kept. */
  final class Turn implements AutoCloseable {
    private final String session = UUID.randomUUID().toString();
    private Duration lease = LEAST_LEASE;
    private Claim claim = new Claim(State.IDLE, 0, session, 0, lease);
    private long lastSign;
    private boolean begun;
    private boolean isOwn;

    private void begin() {
      // Nobody waits for a sign from one that is not in the queue.
      lastSign = ticker.nanoTime();
      claim = new Claim(State.IDLE, 0, session, claim.beat(), Duration.ofDays(1));
      write(State.CHOOSING, 0);
    }

    private void write(State state, long ticket) {
      Claim next = new Claim(state, ticket, session, claim.beat() + 1, lease);
      long asked = ticker.nanoTime();
      begun = true;
      registry.put(ownTag, next.manifest());
      long took = ticker.nanoTime() - asked;
      boolean late = asked + took - lastSign > claim.lease().toNanos();
      claim = next;
      lastSign = asked;
      lease = max(lease, Duration.ofNanos(took).multipliedBy(LEASE_IN_REQUESTS));
      if (late) {
        throw new LateException();
      }
    }

    /**
     * Gives a sign of life if one is due. To be called before each request that gives a tag.
     *
     * @throws RegistryException if the turn may be over, because no sign was given for too long
     */
    void keep() {
      try {
        renew();
      } catch (LateException e) {
        if (isOwn) {
          throw tooLate();
        }
        throw e;
      }
    }

    private void renew() {
      if (age() > claim.lease().dividedBy(4).toNanos()) {
        write(claim.state(), claim.ticket());
      }
      // What is asked for now has to arrive within the other half.
      if (age() > claim.lease().dividedBy(2).toNanos()) {
        throw new LateException();
      }
    }

    private long age() {
      return ticker.nanoTime() - lastSign;
    }

    private RegistryException tooLate() {
      return new RegistryException(
          RegistryException.Kind.UNAVAILABLE,
          "Tried to give tags in "
              + registry.repository()
              + ", but the registry answers so late that another publisher may have taken the turn."
              + " No tag was given after that. Run it again when the registry is quicker.");
    }

    /** Two machines that were copied from one another may think that they are one publisher. */
    private void confirm() {
      if (read(ownTag).filter(own -> own.session().equals(session)).isEmpty()) {
        throw new RegistryException(
            RegistryException.Kind.REFUSED,
            "Tried to give tags in "
                + registry.repository()
                + ", but "
                + ownTag
                + ", this publisher's own tag there, was written by another one or removed. Run it"
                + " again; if that does not help, remove the file 'publisher' from the state folder.");
      }
      renew();
      isOwn = true;
    }

    /**
     * Lets the next one go on, and takes the tag away where the registry deletes. What was done is
     * done: if that fails the others wait for a while, and it is told.
     */
    @Override
    public void close() {
      if (!begun) {
        return;
      }
      boolean interrupted = Thread.interrupted();
      try {
        if (!registry.delete(claim.manifest().digest())) {
          Claim idle = new Claim(State.IDLE, 0, session, claim.beat() + 1, lease);
          registry.put(ownTag, idle.manifest());
        }
      } catch (RegistryException | InterruptedRunException e) {
        log.warn(
            "Others wait for this publisher for up to "
                + lease.toSeconds()
                + " s, as it could not say that it has ended: "
                + e.getMessage());
      } finally {
        isOwn = false;
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}

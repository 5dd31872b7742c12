package io.baseimage.registry;

import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** What all tries of work on a repository share, their connections too, each for one at a time. */
final class Session {
  private final Address address;
  private final boolean insecure;
  private final Proxies proxies;
  private final Authenticator authenticator;
  private final Duration silence;
  private final Clockwork clockwork;
  private final Deque<Wire> idle = new ConcurrentLinkedDeque<>();
  private volatile @Nullable String scheme;

  /**
   * A session in which nothing was said yet.
   *
   * @param insecure whether the user allows plain HTTP for this registry
   */
  Session(
      Address address,
      boolean insecure,
      Proxies proxies,
      Authenticator authenticator,
      Duration silence,
      Clockwork clockwork) {
    this.address = address;
    this.insecure = insecure;
    this.proxies = proxies;
    this.authenticator = authenticator;
    this.silence = silence;
    this.clockwork = clockwork;
  }

  Address address() {
    return address;
  }

  boolean insecure() {
    return insecure;
  }

  Proxies proxies() {
    return proxies;
  }

  boolean mayBePlain() {
    return insecure || address.loopback();
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Duration silence() {
    return silence;
  }

  Clockwork clockwork() {
    return clockwork;
  }

  /** Connections that served a try well, the last used first; whoever takes them has them alone. */
  Optional<Wire> used() {
    return Optional.ofNullable(idle.pollFirst());
  }

  /** Gives connections back that served well. */
  void keep(Wire wire) {
    idle.addFirst(wire);
  }

  @Nullable String scheme() {
    return scheme;
  }

  void scheme(String found) {
    scheme = found;
  }
}

package io.baseimage.contract;

import java.util.Optional;

/**
 * Whether my_init runs a command to its end. Where it does not, most checks would each wait in vain
 * for their whole deadline; they are not tried once that is known.
 */
final class Gate {
  private static final double LIMIT = 20;

  private volatile Optional<String> closed = Optional.empty();

  /** Looks, for as long as the limit; meanwhile the checks go on. */
  void look(Lab lab) {
    try (Box box = lab.box().init("--quiet", "--", "true").start()) {
      box.status(lab.scaled(LIMIT));
    } catch (AssertionError e) {
      closed =
          Optional.of("not tried, for 'my_init --quiet -- true' never ends: " + e.getMessage());
    }
  }

  /** Why checks of my_init are not tried any more; empty as long as they are. */
  Optional<String> reason() {
    return closed;
  }
}

package io.baseimage.registry;

import java.io.IOException;

/** A proxy on the way to a registry refused to pass something on. */
final class ProxyException extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;

  /**
   * A refusal.
   *
   * @param proxy its host and port
   */
  ProxyException(String proxy, int status) {
    super(
        "the proxy "
            + proxy
            + " answered: "
            + status
            + (status == 407
                ? ", it wants a name and a password, or others: its variable may have them, as"
                    + " http://NAME:PASSWORD@HOST:PORT"
                : ""));
    this.status = status;
  }

  /** Whether the same could succeed a moment later. */
  boolean passing() {
    return status == 408 || status == 429 || status >= 500;
  }
}

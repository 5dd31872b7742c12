package io.baseimage.publish;

import io.baseimage.pipeline.RegistryException;

/** Other publishers may have gone on: whatever is still to be done needs a new turn. */
final class TurnLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RegistryException failure;

  /**
   * Lost.
   *
   * @param failure what it comes to where no new turn is taken
   */
  TurnLostException(RegistryException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  RegistryException failure() {
    return failure;
  }
}

package io.baseimage.pipeline;

import java.util.concurrent.Semaphore;

/**
 * Lets so many runs of the suite go on at a time and no more: its deadlines are of a machine that
 * does little else.
 */
public final class ChecksInTurn implements ContractChecker {
  private final ContractChecker checker;
  private final Semaphore turns;

  /** Runs of that suite, at most so many at a time. */
  public ChecksInTurn(ContractChecker checker, int most) {
    this.checker = checker;
    this.turns = new Semaphore(most, true);
  }

  @Override
  public CheckReport check(CheckRequest request, RunLog log) {
    try {
      if (!turns.tryAcquire()) {
        log.info("Waiting for other checks to end");
        turns.acquire();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedRunException("waiting for other checks");
    }
    try {
      return checker.check(request, log);
    } finally {
      turns.release();
    }
  }
}

package io.baseimage.pipeline;

/** Runs the contract suite. */
@FunctionalInterface
public interface ContractChecker {

  /**
   * Runs the contract suite on an image and leaves no container.
   *
   * @throws EngineException when the engine goes away
   * @throws InterruptedRunException when the thread is interrupted
   */
  CheckReport check(CheckRequest request, RunLog log);
}

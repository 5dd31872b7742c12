package io.baseimage.pipeline;

/** Where a build may take its base from. */
public enum BasePolicy {
  /** The engine's own image, else the registry's, else one bootstrapped from packages. */
  AUTO,
  /** Only what the engine has. */
  LOCAL,
  /** Only the registry. */
  REGISTRY,
  /** Only a bootstrapped one. */
  BOOTSTRAP
}

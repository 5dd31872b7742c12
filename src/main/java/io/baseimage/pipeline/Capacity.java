package io.baseimage.pipeline;

/**
 * What the machine of an engine has.
 *
 * @param processors how many it has, 1 or more
 * @param memoryBytes its memory in bytes; 0 where the engine does not say
 */
public record Capacity(int processors, long memoryBytes) {
  private static final long OF_A_BUILD = 1L << 30;

  /** How many builds at a time it bears: one for each processor and gibibyte. */
  public int builds() {
    long byMemory = memoryBytes == 0 ? processors : memoryBytes / OF_A_BUILD;
    return (int) Math.max(1, Math.min(processors, byMemory));
  }
}

package io.baseimage.pipeline;

/** The phases of a build, in their order. */
public enum Phase {
  PLAN("plan"),
  BASE("base"),
  RUNTIME("runtime"),
  BUILD("build"),
  CHECK("check"),
  NAME("name");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  /** As shown to people and written to the metadata. */
  public String label() {
    return label;
  }
}

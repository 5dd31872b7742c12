package io.baseimage.cli;

import picocli.CommandLine.Option;

/** The options about what is shown. */
final class ConsoleArguments {
  @Option(names = "--verbose", description = "Show every line of a build on a terminal too.")
  private boolean verbose;

  boolean verbose() {
    return verbose;
  }
}

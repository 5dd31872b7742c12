package io.baseimage.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the jar's manifest has it. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return new String[] {"baseimage-build " + Optional.ofNullable(version).orElse("unreleased")};
  }
}

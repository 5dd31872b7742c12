package io.baseimage.inventory;

import io.baseimage.pipeline.CommandOutput;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.PackageInventory;
import java.util.List;

/**
 * Asks the image's own rpm: its database has had three formats over the years, and rpm knows the
 * one of its image.
 */
final class RpmInventory implements PackageInventory {
  private static final int NO_RPM = 100;
  private static final String QUESTION =
      "command -v rpm >/dev/null || exit "
          + NO_RPM
          + "; exec rpm -qa --qf"
          + " '%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\n'";

  @Override
  public List<InstalledPackage> packages(Engine engine, EngineImage image) {
    CommandOutput answer = engine.run(image.id().toString(), List.of("/bin/sh", "-c", QUESTION));
    if (answer.status() == NO_RPM) {
      return List.of();
    }
    if (answer.status() != 0) {
      throw new EngineException(
          Kind.REFUSED,
          "Tried to list the packages of "
              + image.id().abbreviated()
              + ", but rpm has ended with status "
              + answer.status()
              + ": "
              + answer.err().strip());
    }
    return parse(answer.out());
  }

  /** The packages of rpm's answer, by name; keys to signatures, which rpm lists too, are none. */
  static List<InstalledPackage> parse(String answer) {
    return answer
        .lines()
        .map(line -> line.split("\t", -1))
        .filter(fields -> fields.length == 3 && !fields[0].equals("gpg-pubkey"))
        .map(fields -> new InstalledPackage(fields[0], fields[1], fields[2]))
        .sorted()
        .toList();
  }
}

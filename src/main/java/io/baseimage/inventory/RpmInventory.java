package io.baseimage.inventory;

import io.baseimage.pipeline.CommandOutput;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineException.Kind;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.InstalledPackage.SourcePackage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the image's own rpm: its database has had three formats over the years, and rpm knows the
 * one of its image.
 */
final class RpmInventory {
  /** Where rpm may be. */
  static final List<String> PROGRAMS = List.of("/usr/bin/rpm", "/bin/rpm");

  private static final String FORMAT =
      "%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{LICENSE}\\n";

  /** RPM's word for a tag that a package does not have. */
  private static final String NONE = "(none)";

  private static final Pattern SOURCE = Pattern.compile("(.+)-([^-]+-[^-]+)\\.(?:no)?src\\.rpm");

  private RpmInventory() {}

  /** The packages of an image that has rpm there. */
  static List<InstalledPackage> packages(Engine engine, EngineImage image, String program) {
    CommandOutput answer =
        engine.run(image.id().toString(), List.of(program, "-qa", "--qf", FORMAT));
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
        .filter(fields -> fields.length == 5 && !fields[0].equals("gpg-pubkey"))
        .map(
            fields ->
                new InstalledPackage(
                    fields[0],
                    fields[1],
                    fields[2],
                    source(fields[3]),
                    fields[4].isBlank() || fields[4].equals(NONE) ? List.of() : List.of(fields[4])))
        .sorted()
        .toList();
  }

  /** The source of a package by the name of its source package's file; rpm says no more. */
  static Optional<SourcePackage> source(String file) {
    Matcher matcher = SOURCE.matcher(file);
    return matcher.matches()
        ? Optional.of(new SourcePackage(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }
}

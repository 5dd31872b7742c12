package io.baseimage.cli;

import io.baseimage.pipeline.OutputException;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the file of a new variant. */
@Command(
    name = "new",
    description = "Write the file of a new variant, with a comment on each field.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class NewCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Name of the new variant.")
  private @Nullable String name;

  @Option(
      names = {"-e", "--extends"},
      paramLabel = "VARIANT",
      required = true,
      description = "Variant that the new one adds to.")
  private @Nullable String parent;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      description = "Folder to write NAME.yaml into (default: the toolkit's own variants).")
  private @Nullable Path directory;

  private final Toolkit toolkit;

  NewCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Surroundings surroundings = toolkit.surroundings();
    String called = Objects.requireNonNull(name);
    try {
      Variant.requireName(called);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    Path shipped = toolkit.catalog().directory();
    Path folder = directory == null ? shipped : surroundings.resolve(directory);
    Path file = folder.resolve(called + ".yaml");
    // Where a build will look for it: beside the new one first.
    Path beside = folder.resolve(Objects.requireNonNull(parent) + ".yaml");
    Variant extended =
        Files.exists(beside) ? toolkit.catalog().get(beside) : toolkit.catalog().get(parent);
    if (toolkit.catalog().names().contains(called)) {
      throw new UsageException("There is a variant " + called + " already");
    }
    Path schema = real(folder).relativize(real(shipped)).resolve(Variant.SCHEMA);
    try {
      Files.writeString(file, text(extended, uri(schema)), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException("There is a file " + file + " already");
    } catch (IOException e) {
      throw new OutputException("write a new variant", file, e);
    }
    surroundings.out().println(surroundings.directory().relativize(file));
    String named =
        directory == null ? called : surroundings.directory().relativize(file).toString();
    surroundings
        .err()
        .println(
            "Edit it, then: baseimage-build --variant "
                + quoted(directory == null || named.contains("/") ? named : "./" + named));
    return ExitCode.DONE.code();
  }

  /** A relative path as a URI's reference: spaces and the like are escaped in it. */
  private static String uri(Path relative) {
    return Path.of("/").resolve(relative).toUri().getRawPath().substring(1);
  }

  /** A word as a shell takes it for one. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new OutputException("write a new variant", folder, e);
    }
  }

  private static String text(Variant extended, String schema) {
    return """
        # yaml-language-server: $schema=%2$s
        # All that %1$s is, and what is said here: lists append, single values replace.
        extends: %1$s

        # A short name and one sentence for people, which become labels of the image.
        # title: Our %3$s
        # description: %3$s with what our applications need

        # Packages on top, each as NAME or NAME=VERSION.
        # packages: [curl, less]

        # LANG, a UTF-8 locale, and a name of the time zone database.
        # locale: %4$s
        # timezone: %5$s

        # What runs in the image. The syslog daemon is syslog-ng, rsyslog or none.
        # services:
        #   syslog: %6$s
        #   cron: %7$s
        #   logrotate: %8$s
        #   sshd: %9$s

        # Variables and labels of the image.
        # environment:
        #   EDITOR: vi
        # labels:
        #   org.example.team: platform

        # Shell programs that run as root after the packages are installed.
        # run:
        #   - install -d /srv/data

        # Tags of its versions, which are counted in the calendar's month or in the release, what
        # is put after the repository's name, and the tags that follow the newest version.
        # tags:
        #   pattern: "{variant}-{version}"
        #   series: calendar
        #   repositorySuffix: -web
        #   aliases: [newest]
        """
        .formatted(
            extended.name(),
            schema,
            extended.title(),
            extended.locale(),
            extended.timezone(),
            extended.services().syslog().id(),
            extended.services().cron(),
            extended.services().logrotate(),
            extended.services().sshd());
  }
}

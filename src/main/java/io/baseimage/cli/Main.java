package io.baseimage.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program's entry: hands the world to the command line and its answer back. */
public final class Main {
  // Long enough for an engine to end a build and for a container to be killed and removed.
  private static final long CLEARING_SECONDS = 60;

  private Main() {}

  /** Runs a command and exits with its status. */
  public static void main(String[] arguments) {
    CountDownLatch ended = new CountDownLatch(1);
    Thread work = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(work, ended), "stop"));
    int status;
    try {
      status = CommandLineProgram.run(surroundings(), arguments);
    } finally {
      ended.countDown();
    }
    System.exit(status);
  }

  /** On Ctrl-C and TERM: the work is told to stop, and gets the time to clear up after itself. */
  private static void interrupt(Thread work, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    work.interrupt();
    try {
      if (!ended.await(CLEARING_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("baseimage-build: could not clear up in " + CLEARING_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Surroundings surroundings() {
    Map<String, String> environment = System.getenv();
    return new Surroundings(
        environment,
        // As the engine's own client does: HOME first, and not the user database's word.
        Path.of(
            Optional.ofNullable(environment.get("HOME"))
                .filter(home -> home.startsWith("/"))
                .orElse(System.getProperty("user.home"))),
        Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("baseimage.root", "")).toAbsolutePath(),
        Path.of(
                Optional.ofNullable(environment.get("TMPDIR"))
                    .filter(folder -> !folder.isEmpty())
                    .orElse("/tmp"))
            .toAbsolutePath(),
        System.getProperty("user.name").equals("root"),
        columns(System.getProperty("baseimage.columns", "")),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Clock.systemUTC());
  }

  /** The launcher's word on the terminal: Java itself cannot tell whether stderr is one. */
  private static Optional<Integer> columns(String property) {
    return property.matches("[1-9][0-9]{0,3}")
        ? Optional.of(Integer.parseInt(property))
        : Optional.empty();
  }

  /** In UTF-8 whatever the locale: progress of builds has characters that ASCII lacks. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.Phase;
import io.baseimage.pipeline.RunLog;
import io.baseimage.report.Summary;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Shows a run on stderr. On a terminal the last line lives: it shows what is being done now and
 * makes way for the lines that stay. Elsewhere every line of a build is written, and nothing moves.
 */
final class Console implements RunLog {
  private static final String ERASE_LINE = "\r\033[2K";

  private final PrintStream err;
  private final Optional<Integer> width;
  private final boolean verbose;
  private boolean live;

  /**
   * A console.
   *
   * @param width the terminal's columns; empty where it is none
   * @param verbose whether a terminal too gets every line of a build
   */
  Console(PrintStream err, Optional<Integer> width, boolean verbose) {
    this.err = err;
    this.width = width;
    this.verbose = verbose;
  }

  @Override
  public synchronized void phaseStarted(Phase phase, String subject) {
    if (width.isPresent()) {
      showLive(phase.label() + "  " + subject);
    } else {
      write("==> " + phase.label() + ": " + subject);
    }
  }

  @Override
  public synchronized void phaseFinished(Phase phase, Duration took, String outcome) {
    write(String.format("%-8s %8s  %s", phase.label(), Summary.seconds(took), outcome));
  }

  @Override
  public synchronized void info(String line) {
    write(line);
  }

  @Override
  public synchronized void warn(String line) {
    write("warning: " + line);
  }

  @Override
  public synchronized void output(String line) {
    if (width.isEmpty() || verbose) {
      write("    " + line);
    } else if (!line.isBlank()) {
      showLive("    " + line);
    }
  }

  @Override
  public synchronized void progress(String what, long done, long total) {
    if (width.isPresent()) {
      showLive("    " + what + (total > 0 ? " " + done * 100 / total + " %" : ""));
    }
  }

  @Override
  public synchronized void checkFinished(CheckResult result) {
    if (result.outcome() == Outcome.BROKEN || width.isEmpty() || verbose) {
      write("    " + line(result));
    } else {
      showLive("    " + line(result));
    }
  }

  /** A check's result as one line. */
  static String line(CheckResult result) {
    String word =
        switch (result.outcome()) {
          case HOLDS -> "holds ";
          case BROKEN -> "BROKEN";
          case NOT_APPLICABLE -> "n/a   ";
        };
    String detail =
        result.outcome() == Outcome.NOT_APPLICABLE
            ? result.detail().map(reason -> " (" + reason + ")").orElse("")
            : "";
    return String.format(
        "%s %-16s %s%s", word, String.join(" ", result.lines()), result.title(), detail);
  }

  /** Takes the living line away, so that others can write. */
  synchronized void clear() {
    if (live) {
      err.print(ERASE_LINE);
      err.flush();
      live = false;
    }
  }

  private void write(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  private void showLive(String line) {
    String printable = line.replaceAll("\\p{Cntrl}", " ");
    int columns = width.orElseThrow() - 1;
    int length = printable.codePointCount(0, printable.length());
    int end =
        length > columns
            ? printable.offsetByCodePoints(0, Math.max(0, columns))
            : printable.length();
    err.print(ERASE_LINE + printable.substring(0, end));
    err.flush();
    live = true;
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.Phase;
import io.baseimage.pipeline.RunLog;
import io.baseimage.report.Summary;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows a run on stderr. On a terminal the last lines live, one for each build: they show what is
 * being done now and make way for the lines that stay. Elsewhere every line of a build is written,
 * and nothing moves.
 */
final class Console implements RunLog {
  private static final String ERASE_LINE = "\r\033[2K";
  private static final String LINE_ABOVE = "\033[1A";

  /** More would scroll on a small terminal, and what has scrolled cannot be erased. */
  private static final int MOST_LIVING = 10;

  /** A line that wraps cannot be erased: the terminal itself writes {@code ^C} at its end. */
  private static final int FREE_COLUMNS = 3;

  private final PrintStream err;
  private final Optional<Integer> width;
  private final boolean verbose;
  private final Map<Channel, String> living = new LinkedHashMap<>();
  private final Channel own = new Channel("");
  private int shown;

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

  /** The log of one of several builds: each of its lines begins with that label. */
  Channel channel(String label) {
    return new Channel(label + "  ");
  }

  @Override
  public void phaseStarted(Phase phase, String subject) {
    own.phaseStarted(phase, subject);
  }

  @Override
  public void phaseFinished(Phase phase, Duration took, String outcome) {
    own.phaseFinished(phase, took, outcome);
  }

  @Override
  public void info(String line) {
    own.info(line);
  }

  @Override
  public void warn(String line) {
    own.warn(line);
  }

  @Override
  public void output(String line) {
    own.output(line);
  }

  @Override
  public void progress(String what, long done, long total) {
    own.progress(what, done, total);
  }

  @Override
  public void checkFinished(CheckResult result) {
    own.checkFinished(result);
  }

  /** One build's part of the console. */
  final class Channel implements RunLog {
    private final String label;

    private Channel(String label) {
      this.label = label;
    }

    @Override
    public void phaseStarted(Phase phase, String subject) {
      if (width.isPresent()) {
        show(this, label + phase.label() + "  " + subject);
      } else {
        write(label + "==> " + phase.label() + ": " + subject);
      }
    }

    @Override
    public void phaseFinished(Phase phase, Duration took, String outcome) {
      write(label + String.format("%-8s %8s  %s", phase.label(), Summary.seconds(took), outcome));
    }

    @Override
    public void info(String line) {
      write(label + line);
    }

    @Override
    public void warn(String line) {
      write(label + "warning: " + line);
    }

    @Override
    public void output(String line) {
      if (width.isEmpty() || verbose) {
        write(label + "    " + line);
      } else if (!line.isBlank()) {
        show(this, label + "    " + line);
      }
    }

    @Override
    public void progress(String what, long done, long total) {
      if (width.isPresent()) {
        show(this, label + "    " + what + (total > 0 ? " " + done * 100 / total + " %" : ""));
      }
    }

    @Override
    public void checkFinished(CheckResult result) {
      if (result.outcome() == Outcome.BROKEN || width.isEmpty() || verbose) {
        write(label + "    " + line(result));
      } else {
        show(this, label + "    " + line(result));
      }
    }

    /** The build has ended: nothing of it lives any more. */
    void end() {
      synchronized (Console.this) {
        erase();
        living.remove(this);
        draw();
      }
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

  /** Takes the living lines away, so that others can write. */
  synchronized void clear() {
    erase();
    living.clear();
    err.flush();
  }

  private synchronized void write(String line) {
    erase();
    // A single build's living line has been overtaken by this one.
    living.remove(own);
    err.println(line);
    draw();
  }

  private synchronized void show(Channel channel, String line) {
    erase();
    living.put(channel, line);
    draw();
  }

  private void erase() {
    if (shown > 0) {
      err.print(ERASE_LINE + (LINE_ABOVE + ERASE_LINE).repeat(shown - 1));
      shown = 0;
    }
  }

  private void draw() {
    String lines =
        living.values().stream()
            .limit(MOST_LIVING)
            .map(line -> ERASE_LINE + fitted(line))
            .collect(Collectors.joining("\n"));
    shown = Math.min(living.size(), MOST_LIVING);
    err.print(lines);
    err.flush();
  }

  private String fitted(String line) {
    StringBuilder fitted = new StringBuilder();
    int left = width.orElseThrow() - FREE_COLUMNS;
    for (int c : line.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).toArray()) {
      left -= columns(c);
      if (left < 0) {
        break;
      }
      fitted.appendCodePoint(c);
    }
    return fitted.toString();
  }

  /** How many columns terminals give to a character (UAX #11): two to those of East Asia. */
  private static int columns(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean isWide =
        (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x2E80 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD);
    return isWide ? 2 : 1;
  }
}

package io.baseimage.pipeline;

import java.time.Duration;

/** What happens in a run, told as it happens; how it is shown is the listener's business. */
public interface RunLog {

  /** A phase begins. */
  void phaseStarted(Phase phase, String subject);

  /** A phase has ended well. */
  void phaseFinished(Phase phase, Duration took, String outcome);

  /** A fact that a reader of the log wants to keep, in one line. */
  void info(String line);

  /** Something that is not as it should be but does not stop the run, in one line. */
  void warn(String line);

  /** A line of a tool's or a build step's output. */
  void output(String line);

  /**
   * Progress of something long: shown in place on a terminal, and elsewhere not at all.
   *
   * @param what for example {@code Pulling ubuntu:24.04}
   * @param done how much of it is done, in the unit of {@code total}
   * @param total how much there is, or 0 when that is not known
   */
  void progress(String what, long done, long total);

  /** A contract check has ended. */
  void checkFinished(CheckResult result);
}

package io.baseimage.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log that remembers. */
public final class RecordingLog implements RunLog {
  public final List<String> info = new CopyOnWriteArrayList<>();
  public final List<String> warnings = new CopyOnWriteArrayList<>();
  public final List<String> output = new CopyOnWriteArrayList<>();
  public final List<String> progress = new CopyOnWriteArrayList<>();

  @Override
  public void phaseStarted(Phase phase, String subject) {}

  @Override
  public void phaseFinished(Phase phase, Duration took, String outcome) {}

  @Override
  public void info(String line) {
    info.add(line);
  }

  @Override
  public void warn(String line) {
    warnings.add(line);
  }

  @Override
  public void output(String line) {
    output.add(line);
  }

  @Override
  public void progress(String what, long done, long total) {
    progress.add(what + " " + done + "/" + total);
  }

  @Override
  public void checkFinished(CheckResult result) {}
}

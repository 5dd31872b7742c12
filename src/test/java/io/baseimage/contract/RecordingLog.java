package io.baseimage.contract;

import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.Phase;
import io.baseimage.pipeline.RunLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A log that remembers the checks. */
final class RecordingLog implements RunLog {
  final List<CheckResult> checks = new CopyOnWriteArrayList<>();
  final CountDownLatch first = new CountDownLatch(1);

  @Override
  public void phaseStarted(Phase phase, String subject) {}

  @Override
  public void phaseFinished(Phase phase, Duration took, String outcome) {}

  @Override
  public void info(String line) {}

  @Override
  public void warn(String line) {}

  @Override
  public void output(String line) {}

  @Override
  public void progress(String what, long done, long total) {}

  @Override
  public void checkFinished(CheckResult result) {
    checks.add(result);
    first.countDown();
  }
}

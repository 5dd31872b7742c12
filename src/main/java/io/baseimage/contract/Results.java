package io.baseimage.contract;

import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.RunLog;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.opentest4j.TestAbortedException;

/** Collects the outcome of each check and tells it to the run's log. */
final class Results implements TestExecutionListener {
  private final RunLog log;
  private final List<ListedCheck> checks;
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, CheckResult> results = new HashMap<>();
  private boolean closed;

  Results(List<ListedCheck> checks, RunLog log) {
    this.checks = checks;
    this.log = log;
  }

  @Override
  public void executionStarted(TestIdentifier identifier) {
    begun.put(identifier.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    add(identifier, Outcome.NOT_APPLICABLE, Optional.of(reason));
  }

  /** From now on nothing counts: checks that are torn down say nothing about the image. */
  synchronized void close() {
    closed = true;
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    Optional<Throwable> thrown = result.getThrowable();
    if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
      add(identifier, Outcome.HOLDS, Optional.empty());
    } else if (thrown.isPresent() && thrown.get() instanceof TestAbortedException) {
      add(identifier, Outcome.NOT_APPLICABLE, thrown.map(Throwable::getMessage));
    } else {
      add(identifier, Outcome.BROKEN, thrown.map(Results::described));
    }
  }

  /** All results, in the order of the list; a check that has none is broken, never forgotten. */
  synchronized List<CheckResult> all() {
    return checks.stream()
        .map(
            check ->
                results.getOrDefault(
                    check.name(),
                    result(check, Outcome.BROKEN, Optional.of("it was not run"), Duration.ZERO)))
        .toList();
  }

  private void add(TestIdentifier identifier, Outcome outcome, Optional<String> detail) {
    Optional<ListedCheck> check = check(identifier);
    if (check.isEmpty()) {
      return;
    }
    Long start = begun.get(identifier.getUniqueId());
    Duration took = start == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - start);
    CheckResult result = result(check.get(), outcome, detail, took);
    synchronized (this) {
      if (closed) {
        return;
      }
      results.put(result.name(), result);
      log.checkFinished(result);
    }
  }

  private Optional<ListedCheck> check(TestIdentifier identifier) {
    return identifier
        .getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> name(((MethodSource) source).getJavaMethod()))
        .flatMap(name -> checks.stream().filter(one -> one.name().equals(name)).findFirst());
  }

  private static String name(Method method) {
    return Chapters.name(method);
  }

  private static CheckResult result(
      ListedCheck check, Outcome outcome, Optional<String> detail, Duration took) {
    return new CheckResult(
        check.name(),
        check.lines().stream().map(ContractLine::id).toList(),
        check.title(),
        outcome,
        detail,
        took);
  }

  private static String described(Throwable thrown) {
    String message = thrown.getMessage();
    if (thrown instanceof AssertionError && message != null) {
      return message.strip();
    }
    return thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message.strip());
  }
}

package io.baseimage.contract;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.launcher.LauncherSession;

/**
 * Gives each check its lab and its deadline, and asks first whether the image has what it needs.
 */
final class CheckExtension implements ExecutionCondition, ParameterResolver, InvocationInterceptor {
  private static final String WORKSHOP = "workshop";
  private static final String PLACE = "io.baseimage.contract";

  /** Where the checks of a session find its workshop. */
  static void place(LauncherSession session, Workshop workshop) {
    session
        .getStore()
        .put(org.junit.platform.engine.support.store.Namespace.create(PLACE), WORKSHOP, workshop);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      return ConditionEvaluationResult.enabled("a chapter");
    }
    Facts facts = workshop(context).facts();
    return needs(context).stream()
        .filter(feature -> !feature.isDuty() && !facts.has(feature))
        .findFirst()
        .map(feature -> ConditionEvaluationResult.disabled(facts.absence(feature)))
        .orElse(ConditionEvaluationResult.enabled("the image has what is checked"));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The store closes the lab when the check is over.
    return context
        .getStore(ExtensionContext.Namespace.create(PLACE))
        .computeIfAbsent("lab", key -> new Lab(workshop(context)), Lab.class);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    Workshop workshop = workshop(context);
    for (Feature feature : needs(context)) {
      if (!workshop.facts().has(feature)) {
        invocation.skip();
        throw new AssertionError(workshop.facts().absence(feature));
      }
    }
    Optional<String> closed =
        needs(context).contains(Feature.MY_INIT)
            ? workshop.closedFor().or(workshop.gate()::reason)
            : workshop.closedFor();
    if (closed.isPresent()) {
      invocation.skip();
      throw new AssertionError(closed.get());
    }
    Deadline own = context.getRequiredTestMethod().getAnnotation(Deadline.class);
    Duration deadline = workshop.scaled(own == null ? Deadline.COMMON : own.value());
    Assertions.assertTimeoutPreemptively(
        deadline,
        invocation::proceed,
        () -> "not done within its deadline of " + deadline.toSeconds() + " s");
  }

  private static Set<Feature> needs(ExtensionContext context) {
    Set<Feature> needs = EnumSet.noneOf(Feature.class);
    Optional.ofNullable(context.getRequiredTestClass().getAnnotation(Needs.class))
        .ifPresent(all -> needs.addAll(Set.of(all.value())));
    Optional.ofNullable(context.getRequiredTestMethod().getAnnotation(Needs.class))
        .ifPresent(one -> needs.addAll(Set.of(one.value())));
    return needs;
  }

  private static Workshop workshop(ExtensionContext context) {
    Workshop workshop =
        context
            .getStore(
                ExtensionContext.StoreScope.LAUNCHER_SESSION,
                ExtensionContext.Namespace.create(PLACE))
            .get(WORKSHOP, Workshop.class);
    if (workshop == null) {
      throw new IllegalStateException("a check runs in the contract suite only");
    }
    return workshop;
  }
}

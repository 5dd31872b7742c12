package io.baseimage.contract;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** All checks, by the contract's chapters. */
final class Chapters {
  static final List<Class<?>> ALL =
      List.of(
          BootChecks.class,
          BootScriptChecks.class,
          BootOptionChecks.class,
          BootTimeoutChecks.class,
          EnvChecks.class,
          EnvSafetyChecks.class,
          BadEnvironmentChecks.class,
          Pid1Checks.class,
          ExitStatusChecks.class,
          StopChecks.class,
          ServiceChecks.class,
          BadDayChecks.class,
          ReadyChecks.class,
          SetuserChecks.class,
          SyslogChecks.class,
          CronChecks.class,
          SshChecks.class,
          LocaleChecks.class,
          PackageChecks.class,
          YumPackageChecks.class,
          ImageContentChecks.class,
          MetaChecks.class,
          HardenedChecks.class,
          CompatChecks.class);

  private Chapters() {}

  /** Every check, in the contract's order. */
  static List<ListedCheck> list() {
    List<ContractLine> lines = ContractLine.all();
    Map<String, ContractLine> byId =
        lines.stream().collect(Collectors.toMap(ContractLine::id, Function.identity()));
    List<ListedCheck> checks = new ArrayList<>();
    for (Class<?> chapter : ALL) {
      for (Method method : chapter.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          checks.add(listed(method, byId));
        }
      }
    }
    checks.sort(
        Comparator.comparingInt((ListedCheck check) -> lines.indexOf(check.lines().get(0)))
            .thenComparing(ListedCheck::name));
    return checks;
  }

  /** The methods of these checks. */
  static Stream<Method> methods(List<ListedCheck> checks) {
    Set<String> names = checks.stream().map(ListedCheck::name).collect(Collectors.toSet());
    return ALL.stream()
        .flatMap(chapter -> Arrays.stream(chapter.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> names.contains(name(method)));
  }

  /** The name of a check: its chapter's and its own. */
  static String name(Method method) {
    return method.getDeclaringClass().getSimpleName().replaceFirst("Checks$", "")
        + "."
        + method.getName();
  }

  private static ListedCheck listed(Method method, Map<String, ContractLine> byId) {
    Proves proves = Objects.requireNonNull(method.getAnnotation(Proves.class), method::toString);
    DisplayName title =
        Objects.requireNonNull(method.getAnnotation(DisplayName.class), method::toString);
    return new ListedCheck(
        name(method),
        title.value(),
        Arrays.stream(proves.value())
            .map(id -> Objects.requireNonNull(byId.get(id), () -> "no contract line " + id))
            .toList());
  }
}

package io.baseimage.cli;

import io.baseimage.pipeline.BaseException;
import io.baseimage.pipeline.BootstrapException;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.SeveralBuilds;
import io.baseimage.publish.PublicationException;
import io.baseimage.rebuild.Freshness;
import io.baseimage.rebuild.Freshness.Verdict;
import io.baseimage.template.TemplateException;
import io.baseimage.variant.VariantException;
import io.baseimage.version.VersionOverflowException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the program's exit status says, in bands: one for each phase of the work. */
enum ExitCode {
  DONE(0, "done"),
  INTERNAL(1, "a defect of the toolkit itself"),
  USAGE(2, "the command line is wrong"),
  PARTIAL(3, "some of several variants failed, others did not"),
  DIFFERENT(4, "diff --exit-code, verify: the images differ"),
  STALE(5, "check: a published image is stale"),
  UNKNOWN(6, "check, rebuild: of an image it could not be found out"),
  UNPATCHABLE(7, "check: no image is stale, but the release of one has ended"),
  VARIANT(10, "a variant is not valid or not known"),
  TEMPLATE(11, "a template does not render"),
  ENGINE_UNREACHABLE(20, "no engine answers, or it went away"),
  ENGINE_REFUSED(21, "the engine refused"),
  ENGINE_NO_SPACE(22, "the engine has no space left"),
  ENGINE_PLATFORM(23, "the engine cannot do the platform"),
  BASE(30, "no base could be had"),
  BUILD(40, "a step of the build failed"),
  CHECKS(50, "the image breaks the contract"),
  OUTPUT(60, "something could not be written"),
  REGISTRY(70, "a registry could not be reached, or refused"),
  REGISTRY_ACCESS(71, "no access to a registry, or unreadable credentials"),
  INTERRUPTED(130, "stopped by a signal");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }

  /** Of several builds: the first failure's if nothing was built. */
  static ExitCode ofSeveral(List<SeveralBuilds.Result> results) {
    Optional<RuntimeException> failure =
        results.stream().flatMap(result -> result.failure().stream()).findFirst();
    if (failure.isEmpty()) {
      return DONE;
    }
    return results.stream().anyMatch(result -> !result.outcomes().isEmpty())
        ? PARTIAL
        : of(failure.get());
  }

  /** Of several verdicts, the one that most asks for something to be done. */
  static ExitCode ofVerdicts(Collection<Freshness> all) {
    Set<Verdict> verdicts = all.stream().map(Freshness::verdict).collect(Collectors.toSet());
    if (verdicts.contains(Verdict.STALE)) {
      return STALE;
    }
    if (verdicts.contains(Verdict.UNKNOWN)) {
      return UNKNOWN;
    }
    return verdicts.contains(Verdict.UNPATCHABLE) ? UNPATCHABLE : DONE;
  }

  static ExitCode of(Throwable failure) {
    if (failure instanceof PublicationException publication) {
      return of(publication.failure());
    }
    if (failure instanceof VariantException) {
      return VARIANT;
    }
    if (failure instanceof TemplateException) {
      return TEMPLATE;
    }
    if (failure instanceof EngineException engine) {
      return switch (engine.kind()) {
        case UNREACHABLE -> ENGINE_UNREACHABLE;
        case NO_SPACE -> ENGINE_NO_SPACE;
        case PLATFORM -> ENGINE_PLATFORM;
        case BUILD -> BUILD;
        case NOT_FOUND, REGISTRY, REFUSED -> ENGINE_REFUSED;
      };
    }
    if (failure instanceof BaseException || failure instanceof BootstrapException) {
      return BASE;
    }
    if (failure instanceof ChecksFailedException) {
      return CHECKS;
    }
    if (failure instanceof OutputException) {
      return OUTPUT;
    }
    if (failure instanceof RegistryException registry) {
      return switch (registry.kind()) {
        case SETTINGS -> USAGE;
        case LOGIN, UNAUTHORIZED, DENIED -> REGISTRY_ACCESS;
        case UNREACHABLE,
            NOT_FOUND,
            RATE_LIMITED,
            UNAVAILABLE,
            UNSEEN,
            REPLACED,
            REFUSED,
            WRONG_CONTENT ->
            REGISTRY;
      };
    }
    if (failure instanceof VersionOverflowException) {
      return REGISTRY;
    }
    if (failure instanceof InterruptedRunException) {
      return INTERRUPTED;
    }
    if (failure instanceof UsageException) {
      return USAGE;
    }
    return INTERNAL;
  }
}

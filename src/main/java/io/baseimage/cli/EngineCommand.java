package io.baseimage.cli;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineInfo;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks after the engine. */
@Command(
    name = "engine",
    description = "Show, start or stop the engine.",
    mixinStandardHelpOptions = true)
final class EngineCommand implements Runnable {
  private final Toolkit toolkit;

  EngineCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public void run() {
    throw new UsageException("engine: expected one of start, status, stop");
  }

  @Command(
      name = "start",
      description = "Find an engine or start one, and say which.",
      mixinStandardHelpOptions = true)
  int start(
      @Mixin ConsoleArguments arguments,
      @Option(names = "--address", description = "Print its address alone, fit for DOCKER_HOST.")
          boolean addressOnly) {
    try (Engine engine = toolkit.engine(toolkit.console(arguments))) {
      if (addressOnly) {
        toolkit.surroundings().out().println(engine.info().address());
        return ExitCode.DONE.code();
      }
      return describe(engine.info());
    }
  }

  @Command(
      name = "status",
      description = "Say which engine would be used, without starting one.",
      mixinStandardHelpOptions = true)
  int status() {
    List<String> tried = new ArrayList<>();
    return toolkit
        .runningEngine(tried)
        .map(
            engine -> {
              try (engine) {
                return describe(engine.info());
              }
            })
        .orElseGet(
            () -> {
              toolkit.surroundings().out().println("no engine is running");
              tried.forEach(line -> toolkit.surroundings().out().println("  " + line));
              return ExitCode.ENGINE_UNREACHABLE.code();
            });
  }

  @Command(
      name = "stop",
      description = "Stop the engine that this toolkit started; others are left alone.",
      mixinStandardHelpOptions = true)
  int stop() {
    boolean stopped = toolkit.ownEngine().stop();
    toolkit
        .surroundings()
        .out()
        .println(stopped ? "stopped" : "no engine of this toolkit is running");
    return ExitCode.DONE.code();
  }

  private int describe(EngineInfo info) {
    toolkit
        .surroundings()
        .out()
        .printf(
            "%s %s, API %s, %s (%s)%n",
            info.name(), info.version(), info.apiVersion(), info.address(), info.foundBy());
    return ExitCode.DONE.code();
  }
}

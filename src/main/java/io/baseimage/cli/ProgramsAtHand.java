package io.baseimage.cli;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.BasePolicy;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.ImagePrograms;
import io.baseimage.pipeline.ToolchainBases;
import io.baseimage.publish.NotExchangeableException;
import io.baseimage.variant.Variant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;

/**
 * The programs of images where an engine may or may not run: those that are compiled already, and
 * the others only with its help. None is started.
 */
final class ProgramsAtHand
    implements BiFunction<Variant, Platform, SortedMap<String, byte[]>>, AutoCloseable {
  private final Toolkit toolkit;
  private final Console console;
  private final ImagePrograms programs;
  private Optional<Engine> engine = Optional.empty();
  private boolean looked;

  ProgramsAtHand(Toolkit toolkit, Console console) {
    this.toolkit = toolkit;
    this.console = console;
    this.programs = toolkit.programs(console);
  }

  /** The engine that is there, looked for once. */
  synchronized Optional<Engine> engine() {
    if (!looked) {
      looked = true;
      engine = toolkit.runningEngine();
    }
    return engine;
  }

  @Override
  public SortedMap<String, byte[]> apply(Variant variant, Platform platform) {
    return programs.cached(variant, platform).orElseGet(() -> compile(variant, platform));
  }

  private SortedMap<String, byte[]> compile(Variant variant, Platform platform) {
    Engine running =
        engine()
            .orElseThrow(
                () ->
                    new NotExchangeableException(
                        "its programs for "
                            + platform
                            + " are not compiled yet, and no engine is running that could do it:"
                            + " 'baseimage-build engine start'"));
    BaseResolver bases =
        new BaseResolver(
            running,
            toolkit.bootstrapper(),
            toolkit.surroundings().workspace(),
            toolkit.surroundings().clock(),
            console);
    return programs.get(
        variant,
        running,
        platform,
        new ToolchainBases(
            () -> toolkit.toolchainVariants(variant, variant.givenMirror()),
            (needed, where) -> bases.resolve(needed, where, BasePolicy.AUTO, false)));
  }

  @Override
  public synchronized void close() {
    engine.ifPresent(Engine::close);
  }
}

package io.baseimage.pipeline;

import io.baseimage.image.Platform;
import io.baseimage.variant.Variant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The bases that programs are compiled with, looked for only when there is something to compile.
 *
 * @param variants whose bases they are, tried in this order: the first one that a compiler can be
 *     installed on, and the first one whose archive has the sources that are fetched
 * @param resolution finds a variant's base for a platform, or throws {@link BaseException}
 */
public record ToolchainBases(
    Supplier<List<Variant>> variants, BiFunction<Variant, Platform, ResolvedBase> resolution) {

  ResolvedBase of(Variant variant, Platform platform) {
    try {
      return resolution.apply(variant, platform);
    } catch (BaseException e) {
      throw e.ofToolchain();
    }
  }
}

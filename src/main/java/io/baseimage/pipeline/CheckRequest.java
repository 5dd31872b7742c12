package io.baseimage.pipeline;

import io.baseimage.variant.Variant;
import java.util.Optional;

/**
 * One image to be checked.
 *
 * @param image its id or name
 * @param variant the recipe it was built from; empty for a stranger's image, whose features and
 *     expectations are then read from the image itself
 * @param timeoutScale what every check's deadline is multiplied by, for slow machines
 */
public record CheckRequest(String image, Optional<Variant> variant, double timeoutScale) {}

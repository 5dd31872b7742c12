/**
 * Whether published images are still what a build would give, why not, and what follows from it.
 */
@NullMarked
package io.baseimage.rebuild;

import org.jspecify.annotations.NullMarked;

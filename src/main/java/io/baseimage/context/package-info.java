/** The deterministic build context. */
@NullMarked
package io.baseimage.context;

import org.jspecify.annotations.NullMarked;

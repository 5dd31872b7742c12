/** A base's root file system from the distribution's signed packages. */
@NullMarked
package io.baseimage.bootstrap;

import org.jspecify.annotations.NullMarked;

/** Versions, by the calendar or by a release, and the rule for the next one. */
@NullMarked
package io.baseimage.version;

import org.jspecify.annotations.NullMarked;

/** Pictures of what was built, for people and for programs. */
@NullMarked
package io.baseimage.report;

import org.jspecify.annotations.NullMarked;

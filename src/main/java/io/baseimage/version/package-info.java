/** Calendar versions and the rule for the next one. */
@NullMarked
package io.baseimage.version;

import org.jspecify.annotations.NullMarked;

/** The words of the field: references, digests, platforms. */
@NullMarked
package io.baseimage.image;

import org.jspecify.annotations.NullMarked;

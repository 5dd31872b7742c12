/** What packages an image holds. */
@NullMarked
package io.baseimage.inventory;

import org.jspecify.annotations.NullMarked;

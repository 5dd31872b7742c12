/** What the distributions' package managers would upgrade in images. */
@NullMarked
package io.baseimage.upgrades;

import org.jspecify.annotations.NullMarked;

/** Freemarker: from a variant to its Dockerfile. */
@NullMarked
package io.baseimage.template;

import org.jspecify.annotations.NullMarked;

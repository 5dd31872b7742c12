/** From YAML to validated recipes: fields, inheritance, catalog. */
@NullMarked
package io.baseimage.variant;

import org.jspecify.annotations.NullMarked;

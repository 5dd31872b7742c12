/** Registries by way of jib-core: what they have, uploads, tags; patient on a bad day. */
@NullMarked
package io.baseimage.registry;

import org.jspecify.annotations.NullMarked;

/**
 * The order of work between a built image and its tags in a registry: versions that never move,
 * aliases that move last.
 */
@NullMarked
package io.baseimage.publish;

import org.jspecify.annotations.NullMarked;

/** The order of work from a variant to a named image, and the ports that the adapters implement. */
@NullMarked
package io.baseimage.pipeline;

import org.jspecify.annotations.NullMarked;

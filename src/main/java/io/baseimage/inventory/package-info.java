/** What an image holds: packages and the runtime, their difference, and both as an SBOM. */
@NullMarked
package io.baseimage.inventory;

import org.jspecify.annotations.NullMarked;

/** What an image is made of as files: layers and configurations that depend on their content. */
@NullMarked
package io.baseimage.archive;

import org.jspecify.annotations.NullMarked;

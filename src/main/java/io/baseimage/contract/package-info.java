/** The contract suite: JUnit checks on containers of an image, and their report. */
@NullMarked
package io.baseimage.contract;

import org.jspecify.annotations.NullMarked;

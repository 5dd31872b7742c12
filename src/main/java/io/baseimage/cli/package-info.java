/** The command line: commands, console and exit codes, and the one place that wires everything. */
@NullMarked
package io.baseimage.cli;

import org.jspecify.annotations.NullMarked;

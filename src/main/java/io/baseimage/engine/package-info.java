/** Docker-compatible engines by way of docker-java: found or started, and worked with. */
@NullMarked
package io.baseimage.engine;

import org.jspecify.annotations.NullMarked;

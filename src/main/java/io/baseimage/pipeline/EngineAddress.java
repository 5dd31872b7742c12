package io.baseimage.pipeline;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The address of an engine, as {@code DOCKER_HOST} has it.
 *
 * @param text {@code unix:///path}, the path as it is, with no character escaped, or {@code
 *     tcp://host:port}
 */
public record EngineAddress(String text) {
  private static final String SOCKET = "unix://";

  /** The address of a socket file. */
  public static EngineAddress of(Path socket) {
    return new EngineAddress(SOCKET + socket.toAbsolutePath());
  }

  /** The socket's file, if it is one. */
  public Optional<Path> socketFile() {
    return text.startsWith(SOCKET)
        ? Optional.of(Path.of(text.substring(SOCKET.length())))
        : Optional.empty();
  }

  /**
   * The address for libraries that take addresses of the web, where some characters are escaped.
   *
   * @throws IllegalArgumentException if it is no address
   */
  public URI uri() {
    return socketFile().map(EngineAddress::escaped).orElseGet(() -> URI.create(text));
  }

  private static URI escaped(Path socket) {
    try {
      return URI.create(SOCKET + new URI(null, null, socket.toString(), null).getRawPath());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}

package io.baseimage.engine;

import io.baseimage.pipeline.EngineAddress;
import io.baseimage.pipeline.EngineException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an engine may be.
 *
 * @param address of a socket file or of a port
 * @param certificates the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}, where
 *     the connection is to be encrypted
 * @param foundBy what led there
 */
record Endpoint(EngineAddress address, Optional<Path> certificates, String foundBy) {

  /** A socket file. */
  static Endpoint socket(Path socket, String foundBy) {
    return new Endpoint(EngineAddress.of(socket), Optional.empty(), foundBy);
  }

  /**
   * Reads an address as people write it into {@code DOCKER_HOST}. What follows {@code unix://} is a
   * path as it is: the engine's own client knows no escapes in it.
   *
   * @throws EngineException of kind UNREACHABLE if it is none that can be used
   */
  static Endpoint parse(String text, Optional<Path> certificates, String foundBy) {
    boolean path = text.startsWith("/");
    if (path || text.startsWith("unix:///")) {
      try {
        Path socket = Path.of(path ? text : text.substring("unix://".length()));
        return new Endpoint(EngineAddress.of(socket), certificates, foundBy);
      } catch (InvalidPathException e) {
        throw unusable(text, foundBy, "it is no path: " + e.getReason());
      }
    }
    String full = text.contains("://") ? text : "tcp://" + text;
    URI address;
    try {
      address = URI.create(full);
    } catch (IllegalArgumentException e) {
      throw unusable(text, foundBy, "it is no address: " + e.getMessage());
    }
    if ("ssh".equals(address.getScheme())) {
      throw unusable(
          text,
          foundBy,
          "ssh:// is not supported. Forward the engine's socket instead, for example"
              + " 'ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST', and set"
              + " DOCKER_HOST=unix:///tmp/docker.sock");
    }
    if (!"tcp".equals(address.getScheme()) || address.getHost() == null) {
      throw unusable(text, foundBy, "expected unix:///path/of/socket or tcp://host:port");
    }
    String port = address.getPort() >= 0 ? "" : certificates.isPresent() ? ":2376" : ":2375";
    return new Endpoint(new EngineAddress(full + port), certificates, foundBy);
  }

  private static EngineException unusable(String text, String foundBy, String why) {
    return new EngineException(
        EngineException.Kind.UNREACHABLE,
        "Tried to reach the engine at '" + text + "' (" + foundBy + "): " + why + ".");
  }

  @Override
  public String toString() {
    return address.toString();
  }
}

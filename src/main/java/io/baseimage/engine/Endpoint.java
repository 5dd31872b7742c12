package io.baseimage.engine;

import io.baseimage.pipeline.EngineException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an engine may be.
 *
 * @param address {@code unix:///path} or {@code tcp://host:port}
 * @param certificates the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}, where
 *     the connection is to be encrypted
 * @param foundBy what led there
 */
record Endpoint(URI address, Optional<Path> certificates, String foundBy) {

  /** A socket file. */
  static Endpoint socket(Path socket, String foundBy) {
    return new Endpoint(URI.create("unix://" + socket), Optional.empty(), foundBy);
  }

  /**
   * Reads an address as people write it into {@code DOCKER_HOST}.
   *
   * @throws EngineException of kind UNREACHABLE if it is none that can be used
   */
  static Endpoint parse(String text, Optional<Path> certificates, String foundBy) {
    String full =
        text.contains("://") ? text : (text.startsWith("/") ? "unix://" : "tcp://") + text;
    URI address;
    try {
      address = URI.create(full);
    } catch (IllegalArgumentException e) {
      throw unusable(text, foundBy, "it is no address: " + e.getMessage());
    }
    String scheme = address.getScheme();
    if ("ssh".equals(scheme)) {
      throw unusable(
          text,
          foundBy,
          "ssh:// is not supported. Forward the engine's socket instead, for example"
              + " 'ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST', and set"
              + " DOCKER_HOST=unix:///tmp/docker.sock");
    }
    boolean socket = "unix".equals(scheme) && !address.getPath().isEmpty();
    boolean network = "tcp".equals(scheme) && address.getHost() != null;
    if (!socket && !network) {
      throw unusable(text, foundBy, "expected unix:///path/of/socket or tcp://host:port");
    }
    if (network && address.getPort() < 0) {
      address = URI.create(full + (certificates.isPresent() ? ":2376" : ":2375"));
    }
    return new Endpoint(address, certificates, foundBy);
  }

  private static EngineException unusable(String text, String foundBy, String why) {
    return new EngineException(
        EngineException.Kind.UNREACHABLE,
        "Tried to reach the engine at '" + text + "' (" + foundBy + "): " + why + ".");
  }

  /** The socket's file, if it is one. */
  Optional<Path> socketFile() {
    return "unix".equals(address.getScheme())
        ? Optional.of(Path.of(address.getPath()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}

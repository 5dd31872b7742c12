package io.baseimage.registry;

import io.baseimage.image.ImageReference;
import java.net.URL;
import java.util.Locale;
import java.util.Set;

/**
 * Where a repository is.
 *
 * @param repository its name as people write it
 * @param server the registry's host, and port if it has one
 * @param path the repository's name in the registry
 */
record Address(ImageReference repository, String server, String path) {
  private static final String HUB = "registry-1.docker.io";
  private static final Set<String> HUB_NAMES = Set.of("docker.io", "index.docker.io", HUB);

  /** Docker's rules: a name without a registry is one of Docker Hub's. */
  static Address of(ImageReference reference) {
    ImageReference repository = new ImageReference(reference.repository(), null, null);
    String name = repository.repository();
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    if (!first.contains(".") && !first.contains(":") && !first.equals("localhost")) {
      return hub(repository, name);
    }
    String path = name.substring(slash + 1);
    return HUB_NAMES.contains(first)
        ? hub(repository, path)
        : new Address(repository, first.toLowerCase(Locale.ROOT), path);
  }

  private static Address hub(ImageReference repository, String path) {
    return new Address(repository, HUB, path.contains("/") ? path : "library/" + path);
  }

  /** Under what Docker's configuration and credential helpers have this registry. */
  String credentialsKey() {
    return server.equals(HUB) ? "https://index.docker.io/v1/" : server;
  }

  /** Whether a key of Docker's configuration, however it is written, means this registry. */
  boolean isMeantBy(String key) {
    String host = key.replaceFirst("^https?://", "").replaceFirst("/.*", "");
    return server.equals(HUB) ? HUB_NAMES.contains(host) : server.equalsIgnoreCase(host);
  }

  /**
   * How near a key of Docker's configuration is: the length of the path below the registry that it
   * names, which is 0 for the registry itself; negative if it means something else.
   */
  int nearness(String key) {
    if (!isMeantBy(key)) {
      return -1;
    }
    // An address with a path, as of the registry's API, means the registry.
    boolean whole = key.matches("https?://.*") || key.matches("[^/]*/v[12]/?");
    String part = whole ? "" : key.replaceFirst("^[^/]*/?", "").replaceFirst("/+$", "");
    return part.isEmpty() || path.equals(part) || path.startsWith(part + "/") ? part.length() : -1;
  }

  /** Whether this machine itself is meant, whose lines nobody listens in on. */
  boolean loopback() {
    return loopback(host());
  }

  /** Whether a URL's or a connection's host is this machine. */
  static boolean loopback(String host) {
    return host.equals("localhost")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || host.matches("\\[?(::1|0:0:0:0:0:0:0:1)]?");
  }

  /** Whether a URL leads to the registry itself, and not to somebody whom it sends us to. */
  boolean isHome(URL url, String scheme) {
    return url.getProtocol().equals(scheme)
        && authority(url).equals(server + (hasPort() ? "" : defaultPort(scheme)));
  }

  private static String authority(URL url) {
    int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
    return url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static String defaultPort(String scheme) {
    return scheme.equals("https") ? ":443" : ":80";
  }

  private boolean hasPort() {
    return server.matches(".*:\\d+");
  }

  String host() {
    return server.replaceFirst(":\\d+$", "");
  }

  /** Its port; -1 for the usual one. */
  int port() {
    return hasPort() ? Integer.parseInt(server.substring(server.lastIndexOf(':') + 1)) : -1;
  }

  @Override
  public String toString() {
    return repository.toString();
  }
}

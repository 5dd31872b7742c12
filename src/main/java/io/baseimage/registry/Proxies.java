package io.baseimage.registry;

import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.http.HttpHost;

/**
 * The proxies that hosts are reached through, by the variables and the rules that Docker has:
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in large letters or else in small
 * ones.
 */
final class Proxies {
  private final Optional<Proxy> encrypted;
  private final Optional<Proxy> plain;
  private final List<String> exceptions;

  /**
   * One of them.
   *
   * @param login who the user is to it
   */
  record Proxy(HttpHost host, Optional<Login> login) {
    /** Its host and port, and never the login. */
    @Override
    public String toString() {
      return host.toHostString();
    }
  }

  /**
   * As the environment has them.
   *
   * @throws RegistryException of kind {@link Kind#SETTINGS} if one cannot be used
   */
  Proxies(Map<String, String> environment) {
    this.encrypted = proxy(environment, "HTTPS_PROXY");
    this.plain = proxy(environment, "HTTP_PROXY");
    this.exceptions =
        List.of(
            value(environment, "NO_PROXY").toLowerCase(Locale.ROOT).strip().split("[\\s,]+", -1));
  }

  /** Whether there is none at all. */
  boolean isEmpty() {
    return encrypted.isEmpty() && plain.isEmpty();
  }

  List<Proxy> all() {
    return Stream.concat(encrypted.stream(), plain.stream()).toList();
  }

  /** The one for a host; empty if it is reached directly, as this machine itself is always. */
  Optional<Proxy> of(String scheme, String name, int port) {
    boolean https = scheme.equals("https");
    String host = name.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    int its = port > 0 ? port : https ? 443 : 80;
    boolean direct =
        Address.loopback(host)
            || exceptions.stream().anyMatch(exception -> means(exception, host, its));
    return direct ? Optional.empty() : https ? encrypted : plain;
  }

  private static boolean means(String exception, String host, int port) {
    if (exception.isEmpty() || exception.equals("*")) {
      return !exception.isEmpty();
    }
    if (exception.contains("/")) {
      return isWithin(exception, host);
    }
    boolean hasPort = exception.matches("[^:]+:\\d+|\\[.*]:\\d+");
    if (hasPort && !exception.endsWith(":" + port)) {
      return false;
    }
    String name =
        (hasPort ? exception.replaceFirst(":\\d+$", "") : exception)
            .replaceAll("^\\[|]$", "")
            .replaceFirst("^\\*\\.", ".");
    // With a dot in front the domain itself is not meant.
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  /** Whether an address is in a network, as {@code 10.0.0.0/8}; names are not looked up. */
  private static boolean isWithin(String network, String host) {
    String[] parts = network.split("/", 2);
    Optional<byte[]> base = address(parts[0]);
    Optional<byte[]> its = address(host);
    if (base.isEmpty() || its.isEmpty() || !parts[1].matches("\\d{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(parts[1]);
    if (base.get().length != its.get().length || bits > base.get().length * 8) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((base.get()[bit / 8] & mask) != (its.get()[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> address(String literal) {
    if (!literal.matches("\\d+\\.\\d+\\.\\d+\\.\\d+") && !literal.contains(":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<Proxy> proxy(Map<String, String> environment, String variable) {
    String value = value(environment, variable).strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return Optional.of(
            new Proxy(
                new HttpHost(uri.getHost(), port, scheme),
                Optional.ofNullable(uri.getRawUserInfo()).map(Proxies::login)));
      }
    } catch (URISyntaxException e) {
      // Its message has the value in it, and that may have a password.
      throw unusable(variable);
    }
    throw unusable(variable);
  }

  private static RegistryException unusable(String variable) {
    return new RegistryException(
        Kind.SETTINGS,
        "Tried to take the proxy from "
            + variable
            + ", but that is none of the form http://[NAME:PASSWORD@]HOST[:PORT]. Correct it; other"
            + " characters than letters and digits in a password are written as %XX.");
  }

  private static Login login(String userInfo) {
    String[] parts = userInfo.split(":", 2);
    return new Login(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "", false);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String value(Map<String, String> environment, String variable) {
    String large = environment.getOrDefault(variable, "");
    return large.isEmpty()
        ? environment.getOrDefault(variable.toLowerCase(Locale.ROOT), "")
        : large;
  }
}

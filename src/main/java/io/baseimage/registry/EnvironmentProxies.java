package io.baseimage.registry;

import io.baseimage.pipeline.RegistryException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The environment's proxies, by the rules that registries are reached by, for what else is asked
 * with the JDK's client. That one tells no proxy who the user is, and does not encrypt what it
 * tells one.
 */
public final class EnvironmentProxies extends ProxySelector {
  private final Proxies proxies;

  /**
   * As the environment has them.
   *
   * @throws RegistryException of kind {@link RegistryException.Kind#SETTINGS} if one cannot be used
   */
  public EnvironmentProxies(Map<String, String> environment) {
    this.proxies = new Proxies(environment);
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(
        proxies
            .of(uri.getScheme(), uri.getHost(), uri.getPort())
            .map(Proxies.Proxy::host)
            .map(host -> InetSocketAddress.createUnresolved(host.getHostName(), host.getPort()))
            .map(address -> new Proxy(Proxy.Type.HTTP, address))
            .orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The failure is the client's answer, too.
  }
}

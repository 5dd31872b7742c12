package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentProxiesTest {
  @ParameterizedTest
  @CsvSource({
    "http://archive.example/InRelease, plain.example:3128",
    "https://archive.example:8443/InRelease, encrypted.example:80",
    "http://archive.inside.example/InRelease, ''",
    "http://127.0.0.1:8000/InRelease, ''",
  })
  void selectWhenAnAddressIsAskedForGivesTheProxyOfItsScheme(URI address, String proxy) {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of(
                "http_proxy", "http://joe:tell@plain.example:3128",
                "HTTPS_PROXY", "encrypted.example",
                "NO_PROXY", "inside.example"));

    assertThat(proxies.select(address))
        .singleElement()
        .isEqualTo(proxy.isEmpty() ? Proxy.NO_PROXY : proxy(proxy));
  }

  @Test
  void selectWhenTheEnvironmentHasNoProxyIsDirect() {
    assertThat(new EnvironmentProxies(Map.of()).select(URI.create("http://archive.example/")))
        .containsExactly(Proxy.NO_PROXY);
  }

  private static Proxy proxy(String hostAndPort) {
    String[] parts = hostAndPort.split(":", 2);
    return new Proxy(
        Proxy.Type.HTTP, InetSocketAddress.createUnresolved(parts[0], Integer.parseInt(parts[1])));
  }
}

package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.ImageReference;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistryAddressTest {
  @ParameterizedTest
  @CsvSource({
    "joe/baseimage,registry-1.docker.io,joe/baseimage",
    "ubuntu,registry-1.docker.io,library/ubuntu",
    "docker.io/joe/x:1,registry-1.docker.io,joe/x",
    "index.docker.io/ubuntu,registry-1.docker.io,library/ubuntu",
    "registry.example:5000/a/b/c,registry.example:5000,a/b/c",
    "localhost/x,localhost,x",
    "127.0.0.1:5000/joe/x,127.0.0.1:5000,joe/x"
  })
  void ofFindsRegistryWhenNameIsWritten(String name, String server, String path) {
    Address address = Address.of(ImageReference.parse(name));

    assertThat(address.server()).isEqualTo(server);
    assertThat(address.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost/x,true", "localhost:5000/x,true", "127.9.8.7:1/x,true", "127.evil.example/x,false",
    "localhost.example/x,false", "128.0.0.1/x,false", "[::1]:5000/x,true", "joe/x,false"
  })
  void loopbackIsThisMachineWhenHostSaysSo(String name, boolean loopback) {
    assertThat(Address.of(ImageReference.parse(name)).loopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "https://registry.example/v2/x,true", "https://registry.example:443/v2/,true",
    "https://registry.example:444/v2/,false", "http://registry.example/v2/,false",
    "https://registry.example.evil/v2/,false", "https://registry.example@evil.example/,false"
  })
  void isHomeSeesStrangersWhenUrlLeadsElsewhere(String url, boolean home) throws Exception {
    Address address = Address.of(ImageReference.parse("registry.example/x"));

    assertThat(address.isHome(new URL(url), "https")).isEqualTo(home);
  }

  @Test
  void keysOfDockersConfigurationAreUnderstoodWhenWrittenInAnyWay() {
    Address hub = Address.of(ImageReference.parse("joe/x"));
    Address own = Address.of(ImageReference.parse("registry.example:5000/x"));

    assertThat(hub.credentialsKey()).isEqualTo("https://index.docker.io/v1/");
    assertThat(hub.isMeantBy("https://index.docker.io/v1/")).isTrue();
    assertThat(hub.isMeantBy("registry.example:5000")).isFalse();
    assertThat(own.isMeantBy("https://registry.example:5000/v2/")).isTrue();
    assertThat(own.isMeantBy("registry.example")).isFalse();
  }

  @Test
  void challengeIsUnderstoodWhenHeaderHasSeveral() {
    Challenge challenge =
        Challenge.parse(
                "Basic realm=\"a, b\", bearer Realm=\"https://t.example/x?y=1\",service=s,"
                    + "scope=\"repository:a/b:pull,push repository:c:pull\"")
            .orElseThrow();

    assertThat(challenge.bearer()).isTrue();
    assertThat(challenge.get("realm", "")).isEqualTo("https://t.example/x?y=1");
    assertThat(challenge.get("service", "")).isEqualTo("s");
    assertThat(challenge.get("scope", "")).isEqualTo("repository:a/b:pull,push repository:c:pull");
    assertThat(Challenge.parse("Negotiate abc=")).isEmpty();
    assertThat(Challenge.parse("BASIC").orElseThrow().bearer()).isFalse();
  }
}

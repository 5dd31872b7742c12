package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.variant.Bootstrap.Tool;
import io.baseimage.variant.Services.Syslog;
import io.baseimage.variant.Tags.Series;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VariantTest {
  private static final Variant SOUND = VariantCatalog.open(Path.of("variants")).get("debian-12");

  @Test
  void newWhenTheGivenListChangesLaterKeepsItsOwn() {
    List<String> packages = new ArrayList<>(List.of("curl"));

    Variant variant = variant("debian-12", packages, Map.of());
    packages.add("less");

    assertThat(variant.packages()).containsExactly("curl");
  }

  @Test
  void newWhenAValueIsNotAsFilesMayHaveItRefuses() {
    assertThatThrownBy(() -> variant("Debian", List.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name: expected a variant's name");
    assertThatThrownBy(() -> variant("debian-12", List.of("a;b"), Map.of()))
        .hasMessageStartingWith("packages: expected a package");
    assertThatThrownBy(() -> variant("debian-12", List.of(), Map.of("A", "b\nc")))
        .hasMessageStartingWith("environment.A: expected a value without line ends");
  }

  @Test
  void newWhenTagsWouldBeTooLongRefuses() {
    String name = "a".repeat(106);
    Tags longer =
        new Tags(
            Optional.of("x{variant}-{version}"), Series.CALENDAR, "", Optional.of(List.of("b")));

    assertThat(variant(name, List.of(), Map.of()).tags()).isEqualTo(Tags.USUAL);
    assertThatThrownBy(() -> variant(name, List.of(), Map.of(), longer))
        .hasMessageStartingWith("tags.pattern: expected tags of at most 118 characters, found 119");
  }

  @Test
  void newWhenTagsAreNotAsFilesMayHaveThemRefuses() {
    assertThatThrownBy(
            () -> new Tags(Optional.of("{variant}"), Series.CALENDAR, "", Optional.empty()))
        .hasMessageStartingWith("tags.pattern: expected a pattern of tags");
    assertThatThrownBy(() -> new Tags(Optional.empty(), Series.CALENDAR, "amzn", Optional.empty()))
        .hasMessageStartingWith("tags.repositorySuffix: expected a suffix such as -amzn");
    assertThatThrownBy(
            () -> new Tags(Optional.empty(), Series.CALENDAR, "", Optional.of(List.of("a b"))))
        .hasMessageStartingWith("tags.aliases: expected a tag such as latest");
  }

  @Test
  void standInWhenTagsDoNotNameTheVariantHasOthers() {
    Variant amazon = VariantCatalog.open(Path.of("variants")).get("amazonlinux-2017.03");

    assertThat(amazon.standIn("Debian 13").tags())
        .isEqualTo(new Tags(Optional.empty(), Series.RELEASE, "-amzn", Optional.empty()));
  }

  @Test
  void newWhenLogrotateHasNoCronRefuses() {
    assertThatThrownBy(() -> new Services(Syslog.NONE, false, true, false))
        .hasMessage("logrotate is run by cron, and cron is off");
  }

  @Test
  void newWhenABootstrapNameIsAPathRefuses() {
    assertThatThrownBy(
            () ->
                new Bootstrap(
                    Tool.MMDEBSTRAP,
                    "../noble",
                    "apt",
                    List.of(),
                    List.of(),
                    "k",
                    Optional.empty(),
                    Optional.empty()))
        .hasMessageStartingWith("suite: expected a name in the archive");
  }

  private static Variant variant(
      String name, List<String> packages, Map<String, String> environment) {
    return variant(name, packages, environment, Tags.USUAL);
  }

  private static Variant variant(
      String name, List<String> packages, Map<String, String> environment, Tags tags) {
    return new Variant(
        name,
        SOUND.title(),
        SOUND.description(),
        SOUND.distribution(),
        SOUND.release(),
        SOUND.codename(),
        SOUND.endOfLife(),
        SOUND.base(),
        packages,
        SOUND.locale(),
        SOUND.timezone(),
        SOUND.services(),
        environment,
        SOUND.labels(),
        SOUND.run(),
        tags,
        Optional.empty(),
        Optional.empty(),
        SOUND.source());
  }

  @ParameterizedTest
  @CsvSource({
    "http://m.invalid/debian, http://m.invalid/debian-security, false",
    "http://m.invalid/debian/, http://m.invalid/debian-security, false",
    "http://m.invalid/ubuntu/, http://m.invalid/ubuntu/, false",
    "http://m.invalid/debian/20261101T000000Z/,"
        + " http://m.invalid/debian-security/20261101T000000Z, true",
    "http://m.invalid/20261101T000000Z/ubuntu, http://m.invalid/20261101T000000Z/ubuntu, true",
    "http://m.invalid/20261101/debian, http://m.invalid/20261101/debian-security, false"
  })
  void mirrorsHaveTheirSecurityUpdatesAndTime(String mirror, String security, boolean snapshot) {
    assertThat(Base.security(mirror)).isEqualTo(security);
    assertThat(Base.isSnapshot(mirror)).isEqualTo(snapshot);
  }
}

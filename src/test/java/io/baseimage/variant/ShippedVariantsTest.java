package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.variant.Bootstrap.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ShippedVariantsTest {
  private static final Path VARIANTS = Path.of("variants");
  private static final VariantCatalog CATALOG = VariantCatalog.open(VARIANTS);

  static Stream<String> names() {
    return CATALOG.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void fileWhenOpenedInAnEditorPointsAtTheSchema(String name) throws IOException {
    assertThat(Files.readAllLines(VARIANTS.resolve(name + ".yaml")))
        .first()
        .isEqualTo("# yaml-language-server: $schema=variant.schema.json");
  }

  @ParameterizedTest
  @MethodSource("names")
  void variantWhenReadIsNamedAfterItsRelease(String name) {
    Variant variant = CATALOG.get(name);

    assertThat(name).startsWith(variant.distribution().id() + "-" + variant.release());
    assertThat(variant.title()).isNotBlank();
    assertThat(variant.description())
        .contains(
            variant
                .base()
                .bootstrap()
                .map(bootstrap -> variant.codename())
                .orElse(variant.release()));
  }

  @ParameterizedTest
  @CsvSource({
    "debian-12, debian:12, MMDEBSTRAP, bookworm, minbase, debian-archive-keyring, 2028-06-30",
    "debian-13, debian:13, MMDEBSTRAP, trixie, minbase, debian-archive-keyring, 2030-06-30",
    "ubuntu-15.04, ubuntu:15.04, DEBOOTSTRAP, vivid, minbase, ubuntu-archive-keyring, 2016-02-04",
    "ubuntu-15.10, ubuntu:15.10, DEBOOTSTRAP, wily, minbase, ubuntu-archive-keyring, 2016-07-28",
    "ubuntu-16.04, ubuntu:16.04, DEBOOTSTRAP, xenial, minbase, ubuntu-archive-keyring, 2021-04-30",
    "ubuntu-22.04, ubuntu:22.04, MMDEBSTRAP, jammy, minbase, ubuntu-archive-keyring, 2027-06-01",
    "ubuntu-24.04, ubuntu:24.04, MMDEBSTRAP, noble, minbase, ubuntu-archive-keyring, 2029-05-31",
    "ubuntu-24.04-full, ubuntu:24.04, MMDEBSTRAP, noble, minbase, ubuntu-archive-keyring, 2029-05-31",
    "ubuntu-24.04-lite, ubuntu:24.04, MMDEBSTRAP, noble, minbase, ubuntu-archive-keyring, 2029-05-31",
    "ubuntu-26.04, ubuntu:26.04, MMDEBSTRAP, resolute, minbase, ubuntu-archive-keyring, 2031-05-29"
  })
  void variantWhenReadHasItsBase(
      String name,
      String image,
      Tool tool,
      String suite,
      String flavour,
      String keyring,
      LocalDate endOfLife) {
    Variant variant = CATALOG.get(name);

    assertThat(variant.base().image()).hasToString(image);
    Bootstrap bootstrap = variant.base().bootstrap().orElseThrow();
    assertThat(bootstrap.tool()).isEqualTo(tool);
    assertThat(bootstrap.suite()).isEqualTo(suite);
    assertThat(bootstrap.flavour()).isEqualTo(flavour);
    assertThat(bootstrap.keyring()).isEqualTo(keyring);
    assertThat(variant.endOfLife()).contains(endOfLife);
  }

  @ParameterizedTest
  @CsvSource({
    "amazonlinux-2, amazonlinux:2, amzn2, 2026-06-30",
    "amazonlinux-2017.03, amazonlinux:2017.03, amzn2017.03, 2023-12-31",
    "amazonlinux-2023, amazonlinux:2023, amzn2023, 2029-06-30",
    "amazonlinux-2023-zh_CN, amazonlinux:2023, amzn2023, 2029-06-30"
  })
  void amazonLinuxWhenReadHasRsyslogAndNoBootstrapping(
      String name, String image, String codename, LocalDate endOfLife) {
    Variant variant = CATALOG.get(name);

    assertThat(variant.base().image()).hasToString(image);
    assertThat(variant.base().bootstrap()).isEmpty();
    assertThat(variant.codename()).isEqualTo(codename);
    assertThat(variant.services().syslog()).isEqualTo(Services.Syslog.RSYSLOG);
    assertThat(variant.endOfLife()).contains(endOfLife);
  }

  @Test
  void amazonLinux201703WhenNamedHasTheTagsOfBaseimageAmzn() {
    assertThat(CATALOG.get("amazonlinux-2017.03").tags())
        .isEqualTo(
            new Tags(
                Optional.of("{version}"),
                Tags.Series.RELEASE,
                "-amzn",
                Optional.of(List.of("2017.03", "latest"))));
  }

  @Test
  void keyringWhenHashedIsTheOneThatWasLookedAt() throws IOException {
    byte[] keyring = Files.readAllBytes(VARIANTS.resolve("keyrings/ubuntu-archive-keyring.gpg"));
    String sum = "80a36b0a6de2f69f49d2df75ef473ccde121e9e190b9ea01d20a4f63778d5c31";

    assertThat(Digest.of(keyring).hex()).isEqualTo(sum);
    assertThat(VARIANTS.resolve("keyrings/README.md")).content().contains(sum);
  }
}

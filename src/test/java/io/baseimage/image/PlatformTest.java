package io.baseimage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "linux/arm64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/x86_64, linux/amd64",
    "linux/aarch64, linux/arm64",
    "amd64, linux/amd64",
    "AArch64, linux/arm64"
  })
  void parseWhenWellFormedSpeaksAsOciDoes(String text, String platform) {
    assertThat(Platform.parse(text)).hasToString(platform);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "linux/",
        "/amd64",
        "linux/arm/v7",
        "a/b/c/d",
        "linux/amd 64",
        "Linux/amd64"
      })
  void parseWhenMalformedRefuses(String text) {
    assertThatThrownBy(() -> Platform.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a platform: '");
  }
}

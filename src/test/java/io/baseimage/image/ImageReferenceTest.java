package io.baseimage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {
  private static final String DIGEST =
      "sha256:80a36b0a6de2f69f49d2df75ef473ccde121e9e190b9ea01d20a4f63778d5c31";

  @ParameterizedTest
  @CsvSource({
    "ubuntu, ubuntu, ",
    "ubuntu:24.04, ubuntu, 24.04",
    "joe/baseimage:ubuntu-16.04-zh_CN, joe/baseimage, ubuntu-16.04-zh_CN",
    "registry.example.org/a/b/c:_x, registry.example.org/a/b/c, _x",
    "registry.example.org:5000/a, registry.example.org:5000/a, ",
    "localhost/a:b, localhost/a, b",
    "localhost:5000/a:b, localhost:5000/a, b",
    "'[::1]:5000/a:b', '[::1]:5000/a', b",
    "Registry.Example.org/a, Registry.Example.org/a, ",
    "a__b--c.d/e_f, a__b--c.d/e_f, "
  })
  void parseWhenWellFormedGivesItsParts(String text, String repository, String tag) {
    ImageReference reference = ImageReference.parse(text);

    assertThat(reference.repository()).isEqualTo(repository);
    assertThat(reference.tag()).isEqualTo(tag);
    assertThat(reference.digest()).isNull();
    assertThat(reference).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ubuntu@" + DIGEST, "joe/a:b@" + DIGEST, "localhost:5000/a@" + DIGEST})
  void parseWhenThereIsADigestKeepsIt(String text) {
    ImageReference reference = ImageReference.parse(text);

    assertThat(reference.digest()).isEqualTo(Digest.parse(DIGEST));
    assertThat(reference).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        "/a",
        "a/",
        "a//b",
        "Ubuntu",
        "joe/Base",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a b",
        "a\n",
        "a:",
        ":tag",
        "a:-x",
        "a:b c",
        "a:tag\n",
        "a:b:c",
        "a@sha256:12",
        "a@",
        "a@md5:0",
        "registry.example.org/",
        "registry.example.org:port/a",
        "https://registry.example.org/a",
        "$(id)",
        "é"
      })
  void parseWhenMalformedRefuses(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a");
  }

  @Test
  void parseWhenTheTagIsTooLongRefuses() {
    assertThat(ImageReference.parse("a:" + "b".repeat(128)).tag()).hasSize(128);
    assertThatThrownBy(() -> ImageReference.parse("a:" + "b".repeat(129)))
        .hasMessageContaining("at most 128");
  }

  @Test
  void parseWhenTheNameIsTooLongRefuses() {
    assertThat(ImageReference.parse("a".repeat(255)).repository()).hasSize(255);
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(256)))
        .hasMessageStartingWith("not an image name: longer than 255 characters");
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(1_000_000)))
        .hasMessageStartingWith("not an image name: longer than 255 characters");
  }

  @Test
  void effectiveTagWhenNothingWasWrittenIsLatest() {
    assertThat(ImageReference.parse("a").effectiveTag()).contains("latest");
    assertThat(ImageReference.parse("a:b").effectiveTag()).contains("b");
    assertThat(ImageReference.parse("a@" + DIGEST).effectiveTag()).isEmpty();
  }

  @Test
  void withTagWhenThereWasADigestDropsIt() {
    assertThat(ImageReference.parse("joe/a:b@" + DIGEST).withTag("c")).hasToString("joe/a:c");
  }
}

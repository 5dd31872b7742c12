package io.baseimage.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuotingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "",
        "two words",
        "it's",
        "'; touch /tmp/broken-out; '",
        "$(touch /tmp/broken-out)",
        "`id`",
        "$HOME ${HOME} \\$HOME",
        "back\\slash\\",
        "a\\nb %s %% %",
        "first\nsecond",
        "first\n# not a comment\nlast",
        "one\\\ntwo",
        "carriage\rreturn",
        "tab\there",
        "grün 中文 \uD83D\uDE00",
        "\"double\"",
        "&& rm -rf / ; | > <"
      })
  void shellWhenReadByAShellGivesTheTextBack(String text) throws Exception {
    String word = Quoting.shell(text);
    assertThat(word).doesNotContain("\n");
    assertThat(sh("printf %s " + word)).isEqualTo(text);
  }

  @Test
  void shellWhenTextHasNulRefuses() {
    assertThatThrownBy(() -> Quoting.shell("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shellWhenTextEndsInALineEndRefusesRatherThanLoseIt() {
    assertThatThrownBy(() -> Quoting.shell("a\n")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shellWhenManyLinesEndWithoutALineEndKeepsThem() throws Exception {
    assertThat(sh("printf %s " + Quoting.shell("a\n\n  b\\"))).isEqualTo("a\n\n  b\\");
  }

  @Test
  void dockerfileWhenTextHasVariablesAndQuotesEscapesThem() {
    assertThat(Quoting.dockerfile("a \"b\" $c \\ d")).isEqualTo("\"a \\\"b\\\" \\$c \\\\ d\"");
  }

  @Test
  void dockerfileWhenTextHasALineEndRefuses() {
    for (String text : List.of("a\nRUN id", "a\rb", "a\0b")) {
      assertThatThrownBy(() -> Quoting.dockerfile(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String sh(String program) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", program).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}

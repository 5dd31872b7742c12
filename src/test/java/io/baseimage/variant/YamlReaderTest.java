package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.variant.Node.Mapping;
import io.baseimage.variant.Node.Scalar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlReaderTest {
  private final Path folder;

  YamlReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "24.10",
        "16.04",
        "1_000",
        "0o17",
        "0x1F",
        "007",
        "1e3",
        ".inf",
        "True",
        "yes",
        "12:30:00",
        "2026-01-01",
        "+1",
        "1.",
        "text"
      })
  void readWhenAScalarIsPlainKeepsItAsWritten(String written) throws IOException {
    assertThat(scalar("a: " + written + " # comment\n").text()).isEqualTo(written);
  }

  @Test
  void readWhenCharactersAreWideCountsCharacters() throws IOException {
    Mapping root = document("{é: 😀, b: c}\n").orElseThrow();

    assertThat(entry(root, "b").keyPlace()).isEqualTo(new Node.Place(1, 8));
  }

  @Test
  void readWhenWideCharactersComeFirstStillKnowsAliases() throws IOException {
    assertThat(problems("a: 😀😀😀\nb: *x\n".getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .asString()
        .contains(":2:4: b: anchors and aliases");
  }

  @Test
  void readWhenQuotedTextBeginsLikeAnAliasTakesIt() throws IOException {
    assertThat(scalar("a: '*x'\n").text()).isEqualTo("*x");
    assertThat(scalar("a: \"!x\"\n").text()).isEqualTo("!x");
  }

  @Test
  void readWhenLinesEndAsInDosReadsThem() throws IOException {
    assertThat(scalar("\uFEFFa: b\r\nc: d\r\n").text()).isEqualTo("b");
  }

  @Test
  void readWhenTheFileIsNotUtf8SaysSo() throws IOException {
    assertThat(problems("a: é\n".getBytes(StandardCharsets.ISO_8859_1)))
        .singleElement()
        .asString()
        .endsWith(": is not UTF-8 text; save it in that encoding");
  }

  @Test
  void readWhenTheFileIsTooLargeSaysSo() throws IOException {
    byte[] large = ("a: " + "x".repeat(YamlReader.MAX_SIZE)).getBytes(StandardCharsets.UTF_8);

    assertThat(problems(large))
        .singleElement()
        .asString()
        .endsWith(": is larger than 256 KiB; is it a variant?");
  }

  @Test
  void readWhenTheFileIsAPipeDoesNotWaitForIt() throws Exception {
    Path pipe = folder.resolve("pipe.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Problems problems = new Problems(pipe);
    Optional<Mapping> read =
        CompletableFuture.supplyAsync(() -> YamlReader.read(pipe, problems))
            .get(10, TimeUnit.SECONDS);
    assertThat(read).isEmpty();
    assertThat(problems.byPlace())
        .singleElement()
        .asString()
        .endsWith("pipe.yaml: is no regular file; expected a YAML file");
  }

  @Test
  void readWhenThereIsAControlCharacterSaysWhere() throws IOException {
    assertThat(problems("a: b\nc: 😀\0\n".getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .asString()
        .endsWith(":2:5: found the control character U+0000; YAML has none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: \uFFFE\n",
        "a: b\n%YAML 9.9\n---\n",
        "%YAML 9.9\n---\na: b\n",
        "a: \"\\q\"\n",
        "]"
      })
  void readWhenTheParserRefusesItReportsOneProblem(String yaml) throws IOException {
    assertThat(problems(yaml.getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .asString()
        .contains(": not YAML: ");
  }

  @Test
  void readWhenListsAreNestedWithoutEndStopsEarly() throws IOException {
    byte[] nested = ("a: " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

    assertThat(problems(nested)).isNotEmpty();
  }

  private Scalar scalar(String yaml) throws IOException {
    return (Scalar) entry(document(yaml).orElseThrow(), "a").value();
  }

  private static Node.Entry entry(Mapping mapping, String name) {
    return Objects.requireNonNull(mapping.entries().get(name));
  }

  private Optional<Mapping> document(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("some.yaml"), yaml);
    Problems problems = new Problems(file);
    Optional<Mapping> root = YamlReader.read(file, problems);
    assertThat(problems.byPlace()).isEmpty();
    return root;
  }

  private List<Problem> problems(byte[] yaml) throws IOException {
    Path file = Files.write(folder.resolve("some.yaml"), yaml);
    Problems problems = new Problems(file);
    assertThat(YamlReader.read(file, problems).isPresent() && problems.isEmpty()).isFalse();
    return problems.byPlace();
  }
}

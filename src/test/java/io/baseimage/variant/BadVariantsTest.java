package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said about each file in {@code bad}: {@code NAME.txt} holds the message for {@code
 * NAME.yaml}. Those in {@code bad/both} are refused by the JSON Schema too.
 */
final class BadVariantsTest {
  static final Path RESOURCES = Path.of("src/test/resources/io/baseimage/variant");

  static Stream<Path> badFiles() throws IOException {
    return Stream.concat(
        yamlFiles(RESOURCES.resolve("bad/both")).stream(),
        yamlFiles(RESOURCES.resolve("bad/code")).stream());
  }

  static List<Path> yamlFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void getWhenAFileIsBadSaysWhatAndWhere(Path file) throws IOException {
    String expected = Files.readString(Path.of(file.toString().replace(".yaml", ".txt")));

    assertThat(message(file)).isEqualTo(expected);
  }

  @Test
  void badFilesWhenCountedEachHaveTheirMessage() throws IOException {
    try (Stream<Path> all = Files.walk(RESOURCES.resolve("bad"))) {
      assertThat(all.filter(file -> file.toString().endsWith(".txt")).count())
          .isEqualTo(badFiles().count());
    }
  }

  private static String message(Path file) {
    VariantCatalog catalog = VariantCatalog.open(RESOURCES.resolve("catalog"));
    VariantException e = catchThrowableOfType(VariantException.class, () -> catalog.get(file));
    assertThat(e).as("the refusal of %s", file).isNotNull();
    return String.valueOf(e.getMessage()).replace(file.getParent() + "/", "") + "\n";
  }
}

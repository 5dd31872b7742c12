package io.baseimage.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstDifferenceTest {
  private static final String CONFIG = "{'config':{'Env':['A=1','B=2']}}";

  @TempDir private Path folder;

  @Test
  void betweenWhenAllIsTheSameFindsNone() throws IOException {
    assertThat(between(image(CONFIG, layer("a", "1")), image(CONFIG, layer("a", "1")))).isEmpty();
  }

  @Test
  void betweenWhenAFileHasOtherContentNamesLayerFileAndBothContents() throws IOException {
    SavedImage one = image(CONFIG, layer("a", "1"), layer("etc/motd", "one", "x", "1"));
    SavedImage other = image(CONFIG, layer("a", "1"), layer("etc/motd", "other", "x", "2"));

    assertThat(between(one, other))
        .contains(
            "layer 2, etc/motd: content 3 bytes %s, and 5 bytes %s"
                .formatted(
                    Digest.of("one".getBytes(UTF_8)).abbreviated(),
                    Digest.of("other".getBytes(UTF_8)).abbreviated()));
  }

  @Test
  void betweenWhenOnlyOneHasAFileSaysWhich() throws IOException {
    SavedImage fewer = image(CONFIG, layer("a", "1"));
    SavedImage more = image(CONFIG, layer("a", "1", "b", "2"));

    assertThat(between(fewer, more)).contains("layer 1, b: only in the second");
    assertThat(between(more, fewer)).contains("layer 1, b: only in the first");
  }

  @Test
  void betweenWhenTheFilesAreInAnotherOrderSaysSo() throws IOException {
    assertThat(
            between(
                image(CONFIG, layer("a", "1", "b", "2")), image(CONFIG, layer("b", "2", "a", "1"))))
        .contains("layer 1, the same files in another order, or written in another way");
  }

  @Test
  void betweenWhenOneHasMoreLayersCountsThem() throws IOException {
    SavedImage one = image(CONFIG, layer("a", "1"));
    SavedImage other = image(CONFIG, layer("a", "1"), layer("b", "2"));

    assertThat(between(one, other)).contains("1 layers, and 2");
  }

  @Test
  void betweenWhenTheConfigurationDiffersNamesTheWayToTheValue() throws IOException {
    SavedImage one = image(CONFIG, layer("a", "1"));
    SavedImage other = image(CONFIG.replace("B=2", "B=3"), layer("a", "1"));

    assertThat(between(one, other))
        .contains("the configuration, config.Env.1: \"B=2\", and \"B=3\"");
  }

  @Test
  void betweenWhenAListIsLongerSaysWhichHasMore() throws IOException {
    SavedImage one = image(CONFIG, layer("a", "1"));
    SavedImage other = image(CONFIG.replace(",'B=2'", ""), layer("a", "1"));

    assertThat(between(one, other)).contains("the configuration, config.Env.1: only in the first");
  }

  @Test
  void betweenWhenAValueIsLongShowsItsBeginning() throws IOException {
    SavedImage one = image("{'a':'" + "x".repeat(500) + "'}");

    assertThat(between(one, image("{'a':'y'}")))
        .contains("the configuration, a: \"" + "x".repeat(119) + "…, and \"y\"");
  }

  @Test
  void betweenWhenDigestsOfTheRestDifferTooNamesThemLast() throws IOException {
    String config = "{'config':{'Labels':{'of.all':'1','of.parts.a':'1','what':'1'}},'z':'1'}";
    String all = config.replace("all':'1'", "all':'2'");
    String part = all.replace("a':'1'", "a':'2'");
    SavedImage one = image(config);

    assertThat(between(one, image(part.replace("z':'1'", "z':'2'"))))
        .contains("the configuration, z: \"1\", and \"2\"");
    assertThat(between(one, image(part.replace("what':'1'", "what':'2'"))))
        .contains("the configuration, config.Labels.what: \"1\", and \"2\"");
    assertThat(between(one, image(part)))
        .contains("the configuration, config.Labels.of.parts.a: \"1\", and \"2\"");
    assertThat(between(one, image(all)))
        .contains("the configuration, config.Labels.of.all: \"1\", and \"2\"");
  }

  private static Optional<String> between(SavedImage one, SavedImage other) throws IOException {
    return FirstDifference.between(one, other, List.of("of.parts.", "of.all"));
  }

  /** In the configuration single quotes stand for double ones. */
  private SavedImage image(String config, byte[]... layers) throws IOException {
    List<ImageArchive.Layer> written = new ArrayList<>();
    for (byte[] layer : layers) {
      Path file = Files.write(Files.createTempFile(folder, "layer", ".tar"), layer);
      written.add(new ImageArchive.Layer(Digest.of(layer), Optional.of(file)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ImageArchive(config.replace('\'', '"').getBytes(UTF_8), written)
        .write(ImageReference.parse("x:y"), out);
    return SavedImage.read(
        new ByteArrayInputStream(out.toByteArray()), Files.createTempDirectory(folder, "image"));
  }

  private static byte[] layer(String... namesAndContents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = namesAndContents[i + 1].getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(namesAndContents[i]);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }
}

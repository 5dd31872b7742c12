package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No image is to have the tags of another one's versions because it is made of its recipe. */
final class TagInheritanceTest {
  private static final String ROOT = "distribution: ubuntu\nrelease: 24.10\ncodename: oracular\n";

  @TempDir private Path folder;

  @Test
  void extendsLeavesTheOthersVersionsTheirTags() throws IOException {
    write(
        "ubuntu-24.10",
        ROOT
            + """
              tags: {pattern: "{version}", series: release, repositorySuffix: -u, aliases: [newest]}
              """);
    write("plain", "extends: ubuntu-24.10\n");
    write("named", "extends: plain\ntags: {pattern: \"{variant}_{version}\", aliases: []}\n");
    write("more", "extends: named\ntags: {series: calendar, repositorySuffix: \"\"}\n");

    assertThat(get("plain").tags())
        .isEqualTo(new Tags(Optional.empty(), Tags.Series.RELEASE, "-u", Optional.empty()));
    assertThat(get("named").tags())
        .isEqualTo(
            new Tags(
                Optional.of("{variant}_{version}"),
                Tags.Series.RELEASE,
                "-u",
                Optional.of(List.of())));
    assertThat(get("more").tags())
        .isEqualTo(
            new Tags(
                Optional.of("{variant}_{version}"), Tags.Series.CALENDAR, "", Optional.empty()));
  }

  @Test
  void overridesLeaveVersionsTheirTagsIfTheNameIsAnother() throws IOException {
    write(
        "ubuntu-24.10",
        ROOT + "tags: {pattern: \"{version}\", repositorySuffix: -u, aliases: [newest]}\n");
    Overrides mirror =
        new Overrides(
            Optional.empty(),
            Optional.of("https://mirror.example/ubuntu"),
            Optional.empty(),
            Optional.empty());
    Overrides locale =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.of("de_DE.UTF-8"), Optional.empty());
    VariantCatalog catalog = VariantCatalog.open(folder);

    assertThat(catalog.get("ubuntu-24.10", mirror).tags())
        .isEqualTo(
            new Tags(
                Optional.of("{version}"),
                Tags.Series.CALENDAR,
                "-u",
                Optional.of(List.of("newest"))));
    assertThat(catalog.get("ubuntu-24.10", locale).tags())
        .isEqualTo(new Tags(Optional.empty(), Tags.Series.CALENDAR, "-u", Optional.empty()));
  }

  private Variant get(String name) {
    return VariantCatalog.open(folder).get(name);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name + ".yaml"), content);
  }
}

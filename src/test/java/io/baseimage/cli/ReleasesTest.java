package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Naming;
import io.baseimage.publish.Release;
import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReleasesTest {
  private static final String OCI = "org.opencontainers.image.";
  private static final VariantCatalog CATALOG = VariantCatalog.open(Path.of("variants"));
  private static final ImageReference NAME = ImageReference.parse("joe/baseimage");
  private static final ImageReference FAMILY = ImageReference.parse("joe/baseimage-amzn");

  @Test
  void ofWhenPlatformsDifferSaysOnlyWhatIsTrueOfEach() {
    List<Release> releases =
        releases(
                arguments(),
                List.of(NAME),
                image("amd64", "debian-12", "2026-11-21T10:00:00Z"),
                image("arm64", "debian-12", "2026-11-21T11:00:00Z"),
                image("amd64", "ubuntu-16.04", "2026-11-21T09:00:00Z"))
            .getOrDefault(NAME, List.of());

    assertThat(releases)
        .extracting(release -> release.rule().variant() + " " + release.aliases())
        .containsExactly("debian-12 [debian-12]", "ubuntu-16.04 [ubuntu-16.04, latest]");
    assertThat(releases.get(0).annotations())
        .isEqualTo(
            Map.of(
                "io.baseimage.variant",
                "debian-12",
                OCI + "title",
                "A title",
                OCI + "created",
                "2026-11-21T11:00:00Z"));
    assertThat(releases.get(1).annotations())
        .containsEntry(OCI + "base.digest", "of ubuntu-16.04 amd64");
  }

  @Test
  void ofWhenAVariantHasASuffixPutsItInARepositoryOfItsOwn() {
    Map<ImageReference, List<Release>> releases =
        releases(
            arguments(),
            List.of(NAME, FAMILY, ImageReference.parse("localhost:5000/x")),
            image("amd64", "amazonlinux-2017.03", ""),
            image("amd64", "debian-12", ""));

    assertThat(
            releases.entrySet().stream()
                .flatMap(
                    each ->
                        each.getValue().stream()
                            .map(release -> each.getKey() + ":" + release.rule().pattern())))
        .containsExactlyInAnyOrder(
            "joe/baseimage-amzn:{version}",
            "localhost:5000/x-amzn:{version}",
            "joe/baseimage:{variant}-{version}",
            "joe/baseimage-amzn:{variant}-{version}",
            "localhost:5000/x:{variant}-{version}");
  }

  @Test
  void namesOfShippedVariantsWhenAllGoToOneRepositoryAreOfOneEach() {
    List<Variant> all = CATALOG.names().stream().map(CATALOG::get).toList();

    Releases.requireApart(List.of(NAME), all.stream().map(arguments()::inRegistry).toList());
    TagArguments together =
        arguments("--repository-suffix=-amzn", "--default-variant=amazonlinux-2017.03");
    Releases.requireApart(List.of(NAME), all.stream().map(together::inRegistry).toList());
    assertThatThrownBy(
            () ->
                Releases.requireApart(
                    List.of(FAMILY), all.stream().map(arguments()::inRegistry).toList()))
        .hasMessageContaining("the tag latest could be of either");
  }

  @Test
  void ofWhenTwoImagesAreOfOneVariantAndPlatformRefuses() {
    EngineImage[] images = {image("amd64", "debian-12", ""), image("amd64", "debian-12", "")};

    assertThatThrownBy(() -> releases(arguments(), List.of(NAME), images))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("are both images of debian-12 for linux/amd64");
  }

  @Test
  void ofWhenATagCouldBeOfTwoVariantsRefuses() {
    EngineImage[] images = {image("amd64", "debian-12", ""), image("amd64", "debian-13", "")};

    assertThatThrownBy(() -> releases(arguments("--tag-pattern={version}"), List.of(NAME), images))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(
            "debian-12 and debian-13 cannot both go to joe/baseimage, where the tag 2026.01-000"
                + " could be of either. Put {variant} into the pattern");
    assertThatThrownBy(() -> releases(arguments("--alias=stable"), List.of(NAME), images))
        .hasMessageContaining("the tag stable could be of either");
    assertThatThrownBy(() -> releases(arguments("--alias=debian-12-000"), List.of(NAME), images))
        .hasMessageContaining("--alias: expected a tag that no version has");
  }

  @Test
  void namingWhenOptionsAreGivenGoesByThemAndElseByTheFile() {
    Variant amazon = CATALOG.get("amazonlinux-2017.03");

    assertThat(arguments().inRegistry(amazon))
        .hasToString(
            "Naming[rule=TagRule[variant=amazonlinux-2017.03, pattern={version},"
                + " release=Optional[2017.03]], repositorySuffix=-amzn, aliases=[2017.03, latest]]");
    assertThat(
            arguments(
                    "--tag-pattern=v{version}",
                    "--series=calendar",
                    "--repository-suffix=",
                    "--alias=edge")
                .inRegistry(amazon))
        .hasToString(
            "Naming[rule=TagRule[variant=amazonlinux-2017.03, pattern=v{version},"
                + " release=Optional.empty], repositorySuffix=, aliases=[edge]]");
    assertThat(arguments("--no-alias").inRegistry(amazon).aliases()).isEmpty();
    assertThat(arguments("--series=7.1").inRegistry(amazon).rule().release()).contains("7.1");
    assertThat(arguments("--series=release").inRegistry(CATALOG.get("debian-12")).rule().release())
        .contains("12");
    assertThatThrownBy(
            () ->
                arguments("--tag-pattern=v{version}x", "--alias=v2017.03-000x").inRegistry(amazon))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'v2017.03-000x' is the tag of a version, which never moves");
    for (String own : List.of("publisher-x", "debian-12-2026.11-000-withdrawn")) {
      assertThatThrownBy(() -> arguments("--alias=" + own).inRegistry(amazon))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("'" + own + "' is a tag as the toolkit keeps for itself");
    }
    for (String own : List.of("publisher-{version}", "{variant}-{version}-withdrawn")) {
      assertThatThrownBy(() -> arguments("--tag-pattern=" + own, "--no-alias").inRegistry(amazon))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("tags as the toolkit keeps for itself");
    }
  }

  @Test
  void latestWhenTheUsualDefaultVariantsFileHasAliasesIsLeftToThatFile(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("ubuntu-16.04.yaml");
    Files.writeString(file, "extends: debian-12\ntags: {aliases: [mine]}\n");
    Variant variant = CATALOG.get(file);

    assertThat(arguments().inRegistry(variant).aliases()).containsExactly("mine");
    assertThat(arguments("--default-variant=ubuntu-16.04").inRegistry(variant).aliases())
        .containsExactly("mine", "latest");
  }

  @Test
  void latestWhenTheDefaultVariantIsNotSaidFollowsTheUsualOneInRegistriesOnly() {
    Variant usual = CATALOG.get("ubuntu-16.04");
    Variant debian = CATALOG.get("debian-12");

    assertThat(arguments().onEngine(usual).aliases()).containsExactly("ubuntu-16.04");
    assertThat(arguments().inRegistry(usual).aliases()).containsExactly("ubuntu-16.04", "latest");
    assertThat(arguments("--default-variant=debian-12").inRegistry(usual).aliases())
        .containsExactly("ubuntu-16.04");
    assertThat(arguments("--default-variant=debian-12").inRegistry(debian).aliases())
        .containsExactly("debian-12", "latest");
    assertThat(arguments("--alias=a").inRegistry(usual).aliases()).containsExactly("a");
  }

  @Test
  void standInWhenItsVariantsTagsDoNotNameItHasOthersInTheSameRepository() {
    Naming naming = arguments().inRegistry("amazonlinux-2017.03-stand-in", amazon());

    assertThat(naming.repository(NAME)).isEqualTo(FAMILY);
    assertThat(naming.rule().pattern()).isEqualTo("{variant}-{version}");
    assertThat(naming.aliases()).containsExactly("amazonlinux-2017.03-stand-in");
    assertThat(arguments().inRegistry(amazon().standIn("Debian 13"))).isEqualTo(naming);
    assertThat(naming.clash(arguments().inRegistry(amazon()))).isEqualTo(Optional.empty());
  }

  private static Variant amazon() {
    return CATALOG.get("amazonlinux-2017.03");
  }

  private static Map<ImageReference, List<Release>> releases(
      TagArguments arguments, List<ImageReference> names, EngineImage... images) {
    return Releases.of(
        names,
        Stream.of(images)
            .map(
                image ->
                    new Releases.Named(
                        image, arguments.inRegistry(CATALOG.get(Releases.variant(image)))))
            .toList());
  }

  private static TagArguments arguments(String... line) {
    return CommandLine.populateCommand(new TagArguments(), line);
  }

  private static EngineImage image(String architecture, String variant, String created) {
    return new EngineImage(
        Digest.of((architecture + variant).getBytes(StandardCharsets.UTF_8)),
        List.of(),
        List.of(),
        new Platform("linux", architecture),
        1,
        Instant.EPOCH,
        Map.of(
            "io.baseimage.variant",
            variant,
            OCI + "title",
            "A title",
            OCI + "created",
            created,
            OCI + "base.digest",
            "of " + variant + " " + architecture),
        List.of());
  }
}

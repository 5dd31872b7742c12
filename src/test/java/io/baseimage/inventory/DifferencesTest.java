package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageConfiguration;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DifferencesTest {
  @Test
  void packagesSaysWhatBecameOfEach() {
    assertThat(
            changes(
                PackageFormat.DEB,
                List.of("bash 5.2-1 amd64", "gone 1 all", "old 1:1-1 amd64", "same 1 all"),
                List.of("bash 5.2-1ubuntu1 amd64", "new 2 all", "old 1-1 amd64", "same 1 all")))
        .containsExactly(
            "UPGRADED bash 5.2-1 > 5.2-1ubuntu1",
            "DOWNGRADED old 1:1-1 > 1-1",
            "ADDED new  > 2",
            "REMOVED gone 1 > ");
  }

  @Test
  void packagesGoesByTheRulesOfTheirManager() {
    List<String> before = List.of("x 1.0 noarch");
    List<String> after = List.of("x 1.0^git1 noarch");
    assertThat(changes(PackageFormat.RPM, before, after))
        .containsExactly("UPGRADED x 1.0 > 1.0^git1");
  }

  @Test
  void packagesWhenTheArchitectureChangesSaysSo() {
    assertThat(
            changes(
                PackageFormat.DEB,
                List.of("x 1 amd64", "y 1 all"),
                List.of("x 1 all", "y 2 amd64")))
        .containsExactly("UPGRADED y 1 (all) > 2 (amd64)", "CHANGED x 1 (amd64) > 1 (all)");
  }

  @Test
  void packagesWhenOneIsThereForSeveralArchitecturesOrTwiceKeepsThemApart() {
    assertThat(
            changes(
                PackageFormat.DEB,
                List.of("libc 1 amd64", "libc 1 i386"),
                List.of("libc 2 amd64", "libc 1 i386")))
        .containsExactly("UPGRADED libc 1 > 2");
    assertThat(
            changes(
                PackageFormat.RPM,
                List.of("kernel 1 x86_64", "kernel 2 x86_64"),
                List.of("kernel 2 x86_64", "kernel 3 x86_64")))
        .containsExactly("UPGRADED kernel 1 > 3");
    assertThat(
            changes(
                PackageFormat.RPM,
                List.of("kernel 1 x86_64", "kernel 2 x86_64"),
                List.of("kernel 3 x86_64")))
        .containsExactly("ADDED kernel  > 3", "REMOVED kernel 1 > ", "REMOVED kernel 2 > ");
  }

  @Test
  void betweenWhenOneHasNoSbomKnowsTheConfigurationAlone() {
    ImageDifference difference =
        Differences.between(
            image("a", Map.of("CMD", "[\"a\"]", "USER", "joe"), Optional.empty()),
            image("b", Map.of("CMD", "[\"b\"]", "ENV X", "1"), Optional.of(Inventory.EMPTY)));
    assertThat(difference.packages()).isEmpty();
    assertThat(difference.runtime()).isEmpty();
    assertThat(difference.configuration())
        .extracting(change -> change.word() + " " + change.name())
        .containsExactly("changed CMD", "added ENV X", "removed USER");
    assertThat(difference.isEmpty()).isFalse();
  }

  @Test
  void betweenSaysWhichFilesOfTheRuntimeAreOthers() {
    ImageDifference difference =
        Differences.between(
            image("a", Map.of(), Optional.of(runtime("/a one", "/b one", "/c one"))),
            image("b", Map.of(), Optional.of(runtime("/a one", "/b two", "/d one"))));
    assertThat(difference.runtime().orElseThrow())
        .extracting(change -> change.word() + " " + change.name())
        .containsExactly("changed /b", "removed /c", "added /d");
    assertThat(difference.packages().orElseThrow()).isEmpty();
  }

  @Test
  void betweenWhenNothingIsKnownOfTwoImagesTakesThemForDifferent() {
    ImageDescription a = image("a", Map.of(), Optional.empty());
    assertThat(Differences.between(a, a).isEmpty()).isTrue();
    assertThat(Differences.between(a, image("b", Map.of(), Optional.empty())).isEmpty()).isFalse();
  }

  private static List<String> changes(
      PackageFormat format, List<String> before, List<String> after) {
    return Differences.packages(inventory(format, before), inventory(format, after)).stream()
        .map(
            change ->
                change.kind()
                    + " "
                    + change.name()
                    + " "
                    + change.before().orElse("")
                    + " > "
                    + change.after().orElse(""))
        .toList();
  }

  private static Inventory inventory(PackageFormat format, List<String> packages) {
    return new Inventory(
        OsRelease.UNKNOWN,
        Optional.of(format),
        packages.stream()
            .map(line -> line.split(" ", -1))
            .map(words -> new InstalledPackage(words[0], words[1], words[2]))
            .toList(),
        List.of());
  }

  private static Inventory runtime(String... files) {
    return new Inventory(
        OsRelease.UNKNOWN,
        Optional.empty(),
        List.of(),
        Arrays.stream(files)
            .map(line -> line.split(" ", -1))
            .map(words -> new RuntimeFile(words[0], digest(words[1])))
            .toList());
  }

  private static ImageDescription image(
      String name, Map<String, String> settings, Optional<Inventory> inventory) {
    return new ImageDescription(
        name,
        ImageDescription.Place.REGISTRY,
        digest(name),
        new Platform("linux", "amd64"),
        1,
        new ImageConfiguration(new TreeMap<>(settings)),
        inventory);
  }

  private static Digest digest(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }
}

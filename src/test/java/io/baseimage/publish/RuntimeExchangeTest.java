package io.baseimage.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.context.BuildContext;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import io.baseimage.pipeline.RuntimeFile;
import io.baseimage.pipeline.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuntimeExchangeTest {
  private static final Platform PLATFORM = new Platform("linux", "arm64");
  private static final ImageRecipe.Rendered OLD =
      rendered("one", "usr/sbin/my_init", "1", "usr/lib/baseimage/gone", "x", "etc/my.conf", "c");
  private static final ImageRecipe.Rendered NEW =
      rendered("two", "usr/sbin/my_init", "2", "usr/lib/baseimage/new", "y", "etc/my.conf", "c");

  @TempDir private Path folder;
  private RuntimeRepository repository;
  private final ExchangedRuntimes made = new ExchangedRuntimes();

  @BeforeEach
  void open() {
    repository = new RuntimeRepository(folder);
  }

  @Test
  void ofWhenFilesAreOthersGivesWhatABuildOnTheSamePackagesGives() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);
    RuntimeRepository.Build built = repository.build(PLATFORM, NEW);
    Manifest published = repository.stored(before);
    repository.contents.blobs.remove(Digest.of(before.layers().get(0)));

    RuntimeExchange.Exchanged exchanged = exchange(before, published);

    assertThat(exchanged.image().id()).isEqualTo(built.id()).isNotEqualTo(before.id());
    assertThat(exchanged.image().layers()).isEqualTo(built.diffIds());
    assertThat(exchanged.image().labels()).isEqualTo(NEW.labels());
    assertThat(exchanged.image().platform()).isEqualTo(PLATFORM);
    assertThat(exchanged.changed())
        .containsExactly("/usr/lib/baseimage/gone", "/usr/lib/baseimage/new", "/usr/sbin/my_init");
    StoredImage stored = made.stored(exchanged.image(), digest -> true, folder);
    assertThat(stored.layers().stream().map(StoredImage.Layer::digest))
        .isEqualTo(built.layers().stream().map(Digest::of).toList());
  }

  @Test
  void ofWhenFilesAreOthersTakesThePackagesOfTheSbomAndTheFilesOfTheCheckout() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);

    byte[] sbom = made.sbom(exchange(before, repository.stored(before)).image());

    Inventory inventory = repository.format().read(sbom);
    assertThat(inventory.packages()).isEqualTo(RuntimeRepository.PACKAGES);
    assertThat(inventory.runtime())
        .containsExactly(
            file("/etc/my.conf", "c"),
            file("/usr/lib/baseimage/new", "y"),
            file("/usr/sbin/my_init", "2"));
    assertThat(sbom).isEqualTo(repository.build(PLATFORM, NEW).sbom());
  }

  @Test
  void ofWhenNoFileIsAnotherTellsOfNone() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);

    assertThat(exchange(before, repository.stored(before), OLD).changed()).isEmpty();
  }

  @Test
  void ofWhenTheManifestIsGoneFailsAsTheRegistry() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);
    Manifest published = repository.stored(before);
    repository.contents.manifests.remove(published.digest());

    assertThatThrownBy(() -> exchange(before, published))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void ofWhenNoSbomIsAttachedIsRefused() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);
    Manifest published = repository.stored(before);
    repository.contents.lists = false;

    assertRefused(before, published, "no SBOM");
  }

  @Test
  void ofWhenTheSbomCannotBeReadIsRefused() {
    RuntimeRepository.Build built = repository.build(PLATFORM, OLD);
    RuntimeRepository.Build before =
        new RuntimeRepository.Build(
            PLATFORM, built.config(), built.layers(), built.diffIds(), "no JSON".getBytes(UTF_8));

    assertRefused(before, repository.stored(before), "SBOM cannot be read");
  }

  @Test
  void ofWhenANewFileIsInAFolderOfThePackagesIsRefused() {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);
    Manifest published = repository.stored(before);

    assertThatThrownBy(() -> exchange(before, published, rendered("two", "opt/of/others/new", "n")))
        .isInstanceOf(NotExchangeableException.class)
        .hasMessageContaining("/opt/of/others/new");
  }

  @Test
  void ofWhenTheLastLayerIsThatOfThePackagesIsRefused() {
    RuntimeRepository.Build built = repository.build(PLATFORM, OLD);
    RuntimeRepository.Build before =
        with(
            built,
            config(built).replace(diffIds(built, 0, 1), diffIds(built, 1, 0)),
            List.of(built.layers().get(1), built.layers().get(0)));

    assertRefused(before, repository.stored(before), "not the runtime");
  }

  @Test
  void ofWhenTheLastLayerIsNotTheOneOfTheConfigurationIsRefused() {
    RuntimeRepository.Build built = repository.build(PLATFORM, OLD);
    RuntimeRepository.Build other = repository.build(PLATFORM, NEW);
    RuntimeRepository.Build before =
        with(built, config(built), List.of(built.layers().get(0), other.layers().get(1)));

    assertRefused(before, repository.stored(before), "not the one that its configuration names");
  }

  @Test
  void ofWhenTheLastLayerCannotBeUnpackedIsRefused() {
    RuntimeRepository.Build built = repository.build(PLATFORM, OLD);
    RuntimeRepository.Build before =
        with(built, config(built), List.of(built.layers().get(0), "no gzip".getBytes(UTF_8)));

    assertRefused(before, repository.stored(before), "cannot be unpacked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"os\":\"linux\"|\"os\": \"linux\"|depends on its inputs alone",
        "\"created\":\"2020-01-01T00:00:00Z\"|\"created\":\"lately\"|when it was made",
        "\"diff_ids\":[|\"diff_ids\":[\"sha256:%064d\",|layers are not as this toolkit",
      })
  void ofWhenTheConfigurationIsNotOfThisToolkitIsRefused(String ours, String others, String why) {
    RuntimeRepository.Build built = repository.build(PLATFORM, OLD);
    assertThat(config(built)).contains(ours);
    RuntimeRepository.Build before =
        with(built, config(built).replace(ours, others.formatted(0)), built.layers());

    assertRefused(before, repository.stored(before), why);
  }

  @ParameterizedTest
  @CsvSource({
    "tar+gzip, tar+zstd, not as this toolkit",
    "'\"size\":', '\"size\":99999999', too large to be the runtime"
  })
  void ofWhenTheManifestIsNotOfThisToolkitIsRefused(String ours, String others, String why) {
    RuntimeRepository.Build before = repository.build(PLATFORM, OLD);
    Manifest right = repository.stored(before);
    Manifest published =
        new Manifest(
            right.mediaType(),
            new String(right.bytes(), UTF_8).replace(ours, others).getBytes(UTF_8));
    repository.contents.manifests.put(published.digest(), published);

    assertRefused(before, published, why);
  }

  private void assertRefused(RuntimeRepository.Build before, Manifest published, String why) {
    assertThatThrownBy(() -> exchange(before, published))
        .isInstanceOf(NotExchangeableException.class)
        .hasMessageContaining(why);
  }

  private RuntimeExchange.Exchanged exchange(RuntimeRepository.Build before, Manifest published) {
    return exchange(before, published, NEW);
  }

  private RuntimeExchange.Exchanged exchange(
      RuntimeRepository.Build before, Manifest published, ImageRecipe.Rendered now) {
    return new RuntimeExchange(
            repository.registry(),
            repository.format(),
            new Workspace(folder.resolve("cache"), folder.resolve("state"), folder))
        .of(
            new CurrentVersion.Image(
                PLATFORM, published.digest(), before.id(), Optional.empty(), OLD.labels()),
            now,
            made);
  }

  private static RuntimeRepository.Build with(
      RuntimeRepository.Build built, String config, List<byte[]> layers) {
    return new RuntimeRepository.Build(
        PLATFORM, config.getBytes(UTF_8), layers, built.diffIds(), built.sbom());
  }

  private static String config(RuntimeRepository.Build build) {
    return new String(build.config(), UTF_8);
  }

  private static String diffIds(RuntimeRepository.Build build, int first, int second) {
    return "\"%s\",\"%s\"".formatted(build.diffIds().get(first), build.diffIds().get(second));
  }

  private static RuntimeFile file(String path, String content) {
    return new RuntimeFile(path, Digest.of(content.getBytes(UTF_8)));
  }

  private static ImageRecipe.Rendered rendered(String revision, String... pathsAndContents) {
    BuildContext.Builder context =
        BuildContext.builder(Instant.EPOCH).file("Dockerfile", "FROM x".getBytes(UTF_8), false);
    for (int i = 0; i < pathsAndContents.length; i += 2) {
      String path = pathsAndContents[i];
      context.file(
          "rootfs/" + path, pathsAndContents[i + 1].getBytes(UTF_8), path.contains("sbin"));
    }
    return new ImageRecipe.Rendered(
        context.sums("rootfs/", ImageRecipe.RUNTIME_LIST.substring(1)).build(),
        "inputs",
        new TreeMap<>(
            Map.of(
                ImageRecipe.VARIANT_LABEL,
                "debian-12",
                "org.opencontainers.image.revision",
                revision)));
  }
}

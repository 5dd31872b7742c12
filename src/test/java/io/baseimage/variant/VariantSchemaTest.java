package io.baseimage.variant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema that editors use says the same as the validator. */
final class VariantSchemaTest {
  private static final Path VARIANTS = Path.of("variants");

  // As editors read it: YAML 1.2, where "yes" is a text.
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
              .build());

  @Test
  void fieldsWhenListedAreTheSchemasOwn() throws IOException {
    JsonNode schema = schemaTree();

    assertThat(names(schema.at("/properties"))).containsExactlyElementsOf(RecipeFile.FIELDS);
    assertThat(names(schema.at("/properties/base/properties")))
        .containsExactlyElementsOf(RecipeFile.BASE_FIELDS);
    assertThat(names(schema.at("/properties/base/properties/bootstrap/properties")))
        .containsExactlyElementsOf(RecipeFile.BOOTSTRAP_FIELDS);
    assertThat(names(schema.at("/properties/services/properties")))
        .containsExactlyElementsOf(RecipeFile.SERVICES_FIELDS);
    assertThat(names(schema.at("/properties/tags/properties")))
        .containsExactlyElementsOf(RecipeFile.TAGS_FIELDS);
  }

  @Test
  void choicesWhenListedAreTheSchemasOwn() throws IOException {
    JsonNode properties = schemaTree().at("/properties");
    JsonNode bootstrap = properties.at("/base/properties/bootstrap/properties");

    assertThat(values(properties.at("/distribution/enum")))
        .containsExactlyInAnyOrderElementsOf(RecipeFile.DISTRIBUTIONS.keySet());
    assertThat(values(properties.at("/services/properties/syslog/enum")))
        .containsExactlyInAnyOrderElementsOf(RecipeFile.SYSLOGS.keySet());
    assertThat(values(properties.at("/tags/properties/series/enum")))
        .containsExactlyInAnyOrderElementsOf(RecipeFile.SERIES.keySet());
    assertThat(values(bootstrap.at("/tool/enum")))
        .containsExactlyInAnyOrderElementsOf(RecipeFile.TOOLS.keySet());
    assertThat(values(bootstrap.at("/flavour/enum")))
        .containsExactlyInAnyOrderElementsOf(RecipeFile.FLAVOURS.keySet());
  }

  @Test
  void fieldsWhenReadByAPersonAreAllDescribed() throws IOException {
    Set<String> silent = new HashSet<>();
    schemaTree()
        .at("/properties")
        .properties()
        .forEach(
            property -> {
              if (property.getValue().path("description").asText().isBlank()) {
                silent.add(property.getKey());
              }
            });

    assertThat(silent).isEmpty();
  }

  static Stream<Path> goodFiles() throws IOException {
    return Stream.concat(
        BadVariantsTest.yamlFiles(VARIANTS).stream(),
        BadVariantsTest.yamlFiles(BadVariantsTest.RESOURCES.resolve("good")).stream());
  }

  @ParameterizedTest
  @MethodSource("goodFiles")
  void goodFileWhenValidatedPassesBoth(Path file) throws IOException {
    assertThat(complaints(Files.readString(file))).isEmpty();
    assertThat(VariantCatalog.open(VARIANTS).get(file).name()).isEqualTo(RecipeFile.nameOf(file));
  }

  static Stream<Path> filesThatBothRefuse() throws IOException {
    return BadVariantsTest.yamlFiles(BadVariantsTest.RESOURCES.resolve("bad/both")).stream();
  }

  @ParameterizedTest
  @MethodSource("filesThatBothRefuse")
  void badFileWhenValidatedIsRefusedByTheSchema(Path file) throws IOException {
    assertThat(complaints(Files.readString(file))).isNotEmpty();
  }

  static Stream<Path> filesThatTheValidatorAloneRefuses() throws IOException {
    return BadVariantsTest.yamlFiles(BadVariantsTest.RESOURCES.resolve("bad/code")).stream();
  }

  @ParameterizedTest
  @MethodSource("filesThatTheValidatorAloneRefuses")
  void badFileWhenTheSchemaCanTellBelongsToTheOthers(Path file) throws IOException {
    try {
      assertThat(complaints(Files.readString(file))).isEmpty();
    } catch (JsonProcessingException e) {
      assertThat(e).as("not YAML, so no schema sees it").isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "packages: [g++, libstdc++6, 'curl=7.88.1-10+deb12u8', 'ab=1:2~rc1', 0ad]",
        "locale: C.UTF-8",
        "locale: zh_CN.utf8",
        "timezone: Etc/GMT+8",
        "timezone: America/Argentina/Buenos_Aires",
        "environment: {_A1: '', B: 1.10, C: true, D: 'tab\there'}",
        "labels: {a: 1, org.opencontainers.image.licenses: MIT, k8s.example/x_y: ''}",
        "endOfLife: 2029-05-31",
        "services: {cron: false}",
        "services: {cron: false, logrotate: false}",
        "services: {}",
        "services: {syslog: rsyslog, sshd: true}",
        "base: {image: 'registry.example.org:5000/a/b:c'}",
        "base: {bootstrap: {components: [non-free-firmware], pockets: []}}",
        "base: {bootstrap: {mirror: 'file:///srv/mirror'}}",
        "run: []",
        "title: 24",
        "title: |\n  one line\n",
        "timezone: EST",
        "run: ['a\tb', \"a\\nb\"]",
        "tags: {}",
        "tags: {pattern: '{version}'}",
        "tags: {pattern: 'v{version}_{variant}.x-{variant}'}",
        "tags: {series: release}",
        "tags: {repositorySuffix: ''}",
        "tags: {repositorySuffix: '--a.b_c__d'}",
        "tags: {aliases: []}",
        "tags: {aliases: ['12', _, 2017.03.1, a-12]}"
      })
  void goodValueWhenValidatedPassesBoth(String line) throws IOException {
    assertThat(complaints("extends: debian-12\n" + line)).isEmpty();
    assertThat(problems(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "packages: [Curl]",
        "packages: ['curl ']",
        "packages: curl",
        "locale: en_US.utf-8",
        "locale: EN_us.UTF-8",
        "locale: de_DE.ISO-8859-1",
        "timezone: Asia/Shang hai",
        "timezone: ''",
        "environment: {A-B: c}",
        "environment: {LC_ALL: c}",
        "environment: {A: [b]}",
        "labels: {-a: b}",
        "labels: {org.opencontainers.image.base.digest: b}",
        "labels: {io.baseimage.x: b}",
        "endOfLife: 1",
        "endOfLife: yes",
        "endOfLife: true",
        "endOfLife: 2029-13-01",
        "services: {cron: on}",
        "services: {syslog: syslogd}",
        "services: {sshd: enabled}",
        "services: {ssh: true}",
        "base: {image: scratch}",
        "base: {image: 'a b'}",
        "base: {bootstrap: {mirror: 'archive.example.org'}}",
        "base: {bootstrap: {keyring: a/b}}",
        "base: {bootstrap: {pockets: [updates]}}",
        "run: echo",
        "run: ['  ']",
        "release: '24 04'",
        "title: ''",
        "title: ' '",
        "title: \"a\\nb\"",
        "title: \"\\x01\"",
        "description: \"a\\nb\"",
        "packages: [true]",
        "packages: [12]",
        "run: [1]",
        "run: [\"a\\rb\"]",
        "base: {image: 12}",
        "release: '123456789012345678901234567890123'",
        "environment: {BASEIMAGE_CREATED: '1999'}",
        "environment: {A: \"\\x01\"}",
        "labels: {a: \"b\\nc\"}",
        "title: []",
        "tags: []",
        "tags: {patterns: '{version}'}",
        "tags: {pattern: {version}}",
        "tags: {pattern: ''}",
        "tags: {pattern: '{variant}'}",
        "tags: {pattern: '{version}{version}'}",
        "tags: {pattern: '{version}-{release}'}",
        "tags: {pattern: '-{version}'}",
        "tags: {pattern: 'a b{version}'}",
        "tags: {series: month}",
        "tags: {series: 2017.03}",
        "tags: {repositorySuffix: amzn}",
        "tags: {repositorySuffix: -Amzn}",
        "tags: {repositorySuffix: -amzn-}",
        "tags: {repositorySuffix: 12}",
        "tags: {aliases: latest}",
        "tags: {aliases: [2017.03]}",
        "tags: {aliases: ['a b']}",
        "tags: {aliases: ['2017.03-000']}",
        "tags: {aliases: ['debian-12-2026.11-000']}"
      })
  void badValueWhenValidatedIsRefusedByBoth(String line) throws IOException {
    assertThat(complaints("extends: debian-12\n" + line)).isNotEmpty();
    assertThat(problems(line)).isNotEmpty();
  }

  private static List<Problem> problems(String line) throws IOException {
    Path file = Files.createTempDirectory("variant").resolve("tried.yaml");
    Files.writeString(file, "extends: debian-12\n" + line);
    try {
      VariantCatalog.open(VARIANTS).get(file);
      return List.of();
    } catch (VariantException e) {
      return e.problems();
    } finally {
      Files.delete(file);
      Files.delete(file.getParent());
    }
  }

  private static Set<ValidationMessage> complaints(String yaml) throws IOException {
    JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schemaTree());
    return schema.validate(YAML.readTree(yaml));
  }

  private static JsonNode schemaTree() throws IOException {
    return new ObjectMapper().readTree(VARIANTS.resolve("variant.schema.json").toFile());
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(property -> property.getKey()).toList();
  }

  private static List<String> values(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}

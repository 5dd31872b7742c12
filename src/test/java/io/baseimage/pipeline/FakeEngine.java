package io.baseimage.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.baseimage.archive.ImageArchive;
import io.baseimage.archive.SavedImage;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** An engine in memory, whose images are names and ids, and which tells what it was asked. */
final class FakeEngine implements Engine {
  private static final ObjectMapper JSON = new ObjectMapper();
  // An empty tar file.
  private static final Digest LAYER = Digest.of(new byte[1024]);

  private static final Pattern LABEL =
      Pattern.compile("\"((?:org\\.opencontainers|io\\.baseimage)\\.[^\"]*)\"=\"([^\"]*)\"");

  static final Platform PLATFORM = new Platform("linux", "amd64");

  final Map<String, EngineImage> names = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  final List<BuildRequest> builds = new ArrayList<>();
  final Map<String, EngineException> pullFailures = new HashMap<>();
  final Map<String, String> buildLabels = new HashMap<>();

  /** Whether what is built also has the labels that its Dockerfile sets. */
  boolean takesLabels;

  Optional<RuntimeException> buildFailure = Optional.empty();
  Predicate<BuildRequest> failing = request -> false;
  Map<String, byte[]> files = new HashMap<>();

  EngineImage image(String name) {
    return image(name, PLATFORM);
  }

  private static EngineImage image(String name, Platform platform) {
    return new EngineImage(
        Digest.of(name.getBytes(StandardCharsets.UTF_8)),
        List.of(),
        List.of(),
        platform,
        1000,
        Instant.EPOCH,
        Map.of(),
        List.of(LAYER));
  }

  void has(String name) {
    names.put(name, image(name));
  }

  @Override
  public EngineInfo info() {
    return new EngineInfo("Fake", "1", "1.41", "unix:///fake.sock", "test", PLATFORM);
  }

  @Override
  public Capacity capacity() {
    return new Capacity(2, 0);
  }

  @Override
  public Optional<EngineImage> find(String nameOrId) {
    return Optional.ofNullable(names.get(nameOrId))
        .or(() -> names.values().stream().filter(i -> i.id().toString().equals(nameOrId)).findAny())
        .map(this::withTags);
  }

  private EngineImage withTags(EngineImage image) {
    List<String> tags =
        names.entrySet().stream()
            .filter(entry -> entry.getValue().id().equals(image.id()))
            .map(Map.Entry::getKey)
            .toList();
    return new EngineImage(
        image.id(),
        tags,
        image.repositoryDigests(),
        image.platform(),
        image.sizeBytes(),
        image.created(),
        image.labels(),
        image.layers());
  }

  @Override
  public ImageConfiguration configuration(String imageId) {
    return new ImageConfiguration(new TreeMap<>());
  }

  @Override
  public void logIn(Registries registries) {}

  @Override
  public EngineImage pull(ImageReference reference, Platform platform, RunLog log) {
    calls.add("pull " + reference);
    EngineException failure = pullFailures.get(reference.toString());
    if (failure != null) {
      throw failure;
    }
    names.put(reference.toString(), image("pulled " + reference, platform));
    return names.get(reference.toString());
  }

  @Override
  public EngineImage load(Path archive, ImageReference name, Platform platform) {
    calls.add("load " + name.repository());
    try (InputStream in = Files.newInputStream(archive)) {
      Path folder = Files.createTempDirectory(archive.getParent(), "load");
      JsonNode config = JSON.readTree(SavedImage.read(in, folder).config());
      Map<String, String> labels = new HashMap<>();
      config
          .path("config")
          .path("Labels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      List<Digest> layers = new ArrayList<>();
      config.path("rootfs").path("diff_ids").forEach(id -> layers.add(Digest.parse(id.asText())));
      EngineImage image =
          new EngineImage(
              Digest.of(JSON.writeValueAsBytes(config)),
              List.of(),
              List.of(),
              platform,
              3000,
              Instant.parse(config.path("created").asText()),
              labels,
              layers);
      names.put(name.toString(), image);
      return image;
    } catch (IOException e) {
      throw new EngineException(EngineException.Kind.REFUSED, "not loaded: " + e, e);
    }
  }

  @Override
  public EngineImage build(BuildRequest request, RunLog log) {
    builds.add(request);
    if (buildFailure.isPresent()) {
      throw buildFailure.get();
    }
    if (failing.test(request)) {
      throw new EngineException(EngineException.Kind.BUILD, "step 2 failed");
    }
    Map<String, String> labels = new TreeMap<>(buildLabels);
    if (takesLabels) {
      labels.putAll(labels(request.context()));
    }
    EngineImage image =
        new EngineImage(
            Digest.of(
                ("built " + request.platform() + request.arguments() + (takesLabels ? labels : ""))
                    .getBytes(StandardCharsets.UTF_8)),
            List.of(),
            List.of(),
            request.platform(),
            3000,
            Instant.EPOCH,
            labels,
            List.of(LAYER));
    names.put(request.name().toString(), image);
    return image;
  }

  private static Map<String, String> labels(Path context) {
    try {
      Map<String, String> labels = new HashMap<>();
      LABEL
          .matcher(Files.readString(context, StandardCharsets.ISO_8859_1))
          .results()
          .forEach(each -> labels.put(each.group(1), each.group(2)));
      return labels;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void tag(String imageId, ImageReference reference) {
    calls.add("tag " + reference);
    names.put(reference.toString(), find(imageId).orElseThrow());
  }

  @Override
  public void untag(ImageReference reference) {
    calls.add("untag " + reference.repository());
    names.remove(reference.toString());
  }

  @Override
  public List<String> tags(String repository) {
    return names.keySet().stream()
        .filter(name -> name.startsWith(repository + ":"))
        .map(name -> name.substring(repository.length() + 1))
        .toList();
  }

  @Override
  public <T> T export(String imageId, Function<InputStream, T> reader) {
    EngineImage image = find(imageId).orElseThrow();
    ObjectNode config = JSON.createObjectNode();
    config.put("architecture", image.platform().architecture());
    ObjectNode labels = config.putObject("config").putObject("Labels");
    image.labels().forEach(labels::put);
    try {
      Path layer = Files.write(Files.createTempFile("layer", ".tar"), new byte[1024]);
      List<ImageArchive.Layer> layers =
          image.layers().stream()
              .map(id -> new ImageArchive.Layer(id, Optional.of(layer)))
              .toList();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new ImageArchive(JSON.writeValueAsBytes(config), layers)
          .write(ImageReference.parse("x:y"), out);
      Files.delete(layer);
      return reader.apply(new ByteArrayInputStream(out.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<EngineImage> findByLabel(String label) {
    return names.values().stream()
        .filter(
            image ->
                image.labels().entrySet().stream()
                    .anyMatch(each -> label.equals(each.getKey() + "=" + each.getValue())))
        .distinct()
        .toList();
  }

  @Override
  public Map<String, byte[]> readFiles(
      String imageId, List<String> paths, Predicate<String> wanted) {
    return files;
  }

  @Override
  public <T> T fileSystem(String imageId, Function<InputStream, T> reader) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CommandOutput run(ContainerCommand command) {
    calls.add("run " + command.command().get(0));
    return new CommandOutput(0, "", "");
  }

  @Override
  public void close() {
    calls.add("close");
  }
}

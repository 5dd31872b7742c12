package io.baseimage.pipeline;

import io.baseimage.archive.ImageArchive;
import io.baseimage.archive.KnownParts;
import io.baseimage.archive.ReproducibleConfig;
import io.baseimage.archive.ReproducibleLayer;
import io.baseimage.archive.SavedImage;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Has an engine build what was rendered, and makes of the result an image that depends on nothing
 * but its inputs: the layers above the base and the configuration are written anew, without what
 * they say of the engine and of the moment. That image is the one that is tested and published.
 *
 * <p>The image as the engine has built it keeps a name, for the sake of the engine's cache.
 */
final class ReproducibleBuild {
  /**
   * A folder whose time is the date of the newest package list that a layer was made from. The
   * templates set it.
   */
  static final String LISTS_FOLDER = "usr/lib/baseimage/package-lists";

  private static final String STEPS = Naming.OWN + "steps";

  private final Engine engine;
  private final Workspace workspace;
  private final RunLog log;

  ReproducibleBuild(Engine engine, Workspace workspace, RunLog log) {
    this.engine = engine;
    this.workspace = workspace;
    this.log = log;
  }

  /**
   * What was built.
   *
   * @param steps the image whose steps the engine has in its cache
   * @param image what it was made into
   */
  record Result(EngineImage steps, EngineImage image) {}

  /**
   * Builds it.
   *
   * @param variant its name
   * @param cacheFrom the images whose steps may be taken instead of run anew; empty if any may
   * @param epochs the time of each layer of packages, of which the last one is that of all further
   *     ones; if there is none, the date of the newest package list that the layer is made from
   * @param unnamed the name that the image gets
   */
  Result run(
      String variant,
      Platform platform,
      Optional<Set<Digest>> cacheFrom,
      List<Instant> epochs,
      ResolvedBase base,
      ImageRecipe.Rendered rendered,
      ImageReference unnamed) {
    // Of another build of the same variant at the same time the kept name may be by now.
    ImageReference own = new ImageReference(STEPS, UUID.randomUUID().toString(), null);
    EngineImage steps = build(own, variant, platform, cacheFrom, base, rendered);
    try {
      Path remembered = remembered(steps, epochs);
      Optional<EngineImage> before = read(remembered).flatMap(engine::find);
      if (before.isPresent()) {
        engine.tag(before.get().id().toString(), unnamed);
        return new Result(steps, before.get());
      }
      EngineImage image = reproducible(steps, base.image().orElseThrow(), epochs, unnamed);
      write(remembered, image.id().toString());
      return new Result(steps, image);
    } finally {
      untag(own);
    }
  }

  /** Also when the run is being interrupted. */
  private void untag(ImageReference name) {
    boolean interrupted = Thread.interrupted();
    try {
      engine.untag(name);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private EngineImage build(
      ImageReference name,
      String variant,
      Platform platform,
      Optional<Set<Digest>> cacheFrom,
      ResolvedBase base,
      ImageRecipe.Rendered rendered) {
    try (var directory = workspace.temporaryDirectory("context")) {
      Path tar = RuntimePrograms.writeTar(rendered.context(), directory.path());
      // The id and not the name: the name may have moved since it was looked at.
      Map<String, String> arguments =
          Map.of(ImageRecipe.BASE_ARGUMENT, base.image().orElseThrow().id().toString());
      EngineImage steps =
          engine.build(new BuildRequest(tar, name, platform, cacheFrom, arguments), log);
      String kept = variant + "-" + platform.architecture();
      engine.tag(steps.id().toString(), new ImageReference(STEPS, kept, null));
      return steps;
    }
  }

  private EngineImage reproducible(
      EngineImage steps, EngineImage base, List<Instant> epochs, ImageReference name) {
    try (var directory = workspace.temporaryDirectory("image")) {
      Path folder = directory.path();
      SavedImage saved = engine.unpacked(steps.id().toString(), folder);
      Made made = make(saved, steps, base, epochs, folder);
      EngineImage image = load(made, steps, name, folder);
      keep(made.whole());
      return image;
    } catch (IOException e) {
      throw new OutputException("make an image reproducible", workspace.temporary(), e);
    }
  }

  private EngineImage load(Made made, EngineImage steps, ImageReference name, Path folder)
      throws IOException {
    try {
      return load(made.withoutBase(), steps, name, folder);
    } catch (EngineException e) {
      if (e.kind() != EngineException.Kind.REFUSED) {
        throw e;
      }
      // Not every engine looks for a layer by its digest before it reads the archive.
      return load(made.whole(), steps, name, folder);
    }
  }

  /** What is new whenever the runtime is: to publish it the engine need not be asked for it. */
  private void keep(ImageArchive image) throws IOException {
    KnownParts known = new KnownParts(workspace.cache());
    known.rememberConfig(image.config());
    ImageArchive.Layer runtime = image.layers().get(image.layers().size() - 1);
    if (runtime.tar().isPresent()) {
      known.keep(runtime.diffId(), runtime.tar().get());
    }
  }

  /** The image, once as an archive that leaves out what the engine has of it. */
  private record Made(ImageArchive whole, ImageArchive withoutBase) {}

  private static Made make(
      SavedImage saved, EngineImage steps, EngineImage base, List<Instant> epochs, Path folder)
      throws IOException {
    List<ImageArchive.Layer> whole = new ArrayList<>();
    List<ImageArchive.Layer> withoutBase = new ArrayList<>();
    Instant newest = epochs.isEmpty() ? base.created() : epochs.get(0);
    int below = base.layers().size();
    int last = saved.layers().size() - 1;
    for (int i = 0; i <= last; i++) {
      Path layer = saved.layers().get(i);
      if (i < below) {
        whole.add(new ImageArchive.Layer(steps.layers().get(i), Optional.of(layer)));
        withoutBase.add(new ImageArchive.Layer(steps.layers().get(i), Optional.empty()));
        continue;
      }
      if (!epochs.isEmpty()) {
        newest = epochs.get(Math.min(i - below, epochs.size() - 1));
      } else if (i < last) {
        newest = max(newest, ReproducibleLayer.modified(layer, LISTS_FOLDER).orElse(newest));
      }
      // The runtime is the same one whatever the packages are.
      Instant time = i == last ? min(newest, ImageRecipe.FILES_MODIFIED) : newest;
      Path written = folder.resolve("layer" + i);
      Digest diffId = ReproducibleLayer.write(layer, time, LISTS_FOLDER, written);
      ImageArchive.Layer made = new ImageArchive.Layer(diffId, Optional.of(written));
      whole.add(made);
      withoutBase.add(made);
    }
    byte[] config =
        ReproducibleConfig.of(
            saved.config(),
            base.created(),
            newest,
            Map.of(ImageRecipe.CREATED_LABEL, newest.toString()),
            whole.stream().map(ImageArchive.Layer::diffId).toList());
    return new Made(new ImageArchive(config, whole), new ImageArchive(config, withoutBase));
  }

  private EngineImage load(
      ImageArchive archive, EngineImage steps, ImageReference name, Path folder)
      throws IOException {
    Path file = folder.resolve("image.tar");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      archive.write(name, out);
    }
    EngineImage image = engine.load(file, name, steps.platform());
    List<Digest> expected = archive.layers().stream().map(ImageArchive.Layer::diffId).toList();
    if (!image.layers().equals(expected)) {
      throw new EngineException(
          EngineException.Kind.REFUSED,
          "Tried to load " + name + ", but the engine made other layers of it: " + image.layers());
    }
    return image;
  }

  private Path remembered(EngineImage steps, List<Instant> epochs) {
    return workspace
        .cache()
        .resolve("reproducible")
        .resolve(
            epochs.stream()
                .map(time -> "-" + time.getEpochSecond())
                .collect(Collectors.joining("", steps.id().hex(), "")));
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
    } catch (IOException e) {
      // Not there, as a rule. What cannot be read is made again.
      return Optional.empty();
    }
  }

  private static void write(Path file, String id) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, id.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It is made again the next time, which is no reason to fail now.
      return;
    }
  }

  private static Instant max(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}

package io.baseimage.cli;

import io.baseimage.archive.ImageArchive;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.ChecksFailedException;
import io.baseimage.pipeline.ContractChecker;
import io.baseimage.pipeline.Emulation;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.Naming;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.TestedImages;
import io.baseimage.pipeline.Workspace;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.ExchangedRuntimes;
import io.baseimage.rebuild.RuntimeRebase.Prepared;
import io.baseimage.variant.Variant;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Brings images with another runtime to an engine, and runs the contract suite on them there. */
final class RebaseProof {
  private final Engine engine;
  private final ContractChecker checker;
  private final ExchangedRuntimes made;
  private final Workspace workspace;
  private final double timeoutScale;
  private final Console console;

  RebaseProof(
      Engine engine,
      ContractChecker checker,
      ExchangedRuntimes made,
      Workspace workspace,
      double timeoutScale,
      Console console) {
    this.engine = engine;
    this.checker = checker;
    this.made = made;
    this.workspace = workspace;
    this.timeoutScale = timeoutScale;
    this.console = console;
  }

  /**
   * Fails unless all of a variant's images keep the contract.
   *
   * @throws ChecksFailedException if one breaks it
   */
  void require(Prepared prepared) {
    CurrentVersion before = prepared.rebase().before().orElseThrow();
    for (int i = 0; i < prepared.images().size(); i++) {
      EngineImage image = prepared.images().get(i);
      if (!new TestedImages(workspace).has(image.id())) {
        require(prepared, before, before.images().get(i), image);
      }
    }
  }

  private void require(
      Prepared prepared, CurrentVersion before, CurrentVersion.Image old, EngineImage image) {
    ImageReference pulled = new ImageReference(before.name().repository(), null, old.manifest());
    ImageReference name =
        new ImageReference(Naming.OWN + "unnamed", UUID.randomUUID().toString(), null);
    Optional<EngineImage> here =
        engine.find(old.config().toString()).or(() -> engine.find(pulled.toString()));
    try {
      EngineImage below = here.orElseGet(() -> engine.pull(pulled, old.platform(), console));
      check(prepared, load(below, image, name));
      new TestedImages(workspace).add(image.id());
    } finally {
      engine.untag(name);
      if (here.isEmpty()) {
        engine.untag(pulled);
      }
    }
  }

  private void check(Prepared prepared, EngineImage image) {
    Variant variant = prepared.subject().variant();
    CheckReport report =
        checker.check(
            new CheckRequest(
                image.id().toString(),
                Optional.of(variant).filter(it -> it.name().equals(Releases.variant(image))),
                timeoutScale * Emulation.timeoutScale(image.platform(), engine.info())),
            console);
    if (!report.passed()) {
      throw new ChecksFailedException(prepared.rebase().variant(), report);
    }
    console.info(prepared.rebase().variant() + " keeps the contract");
  }

  private EngineImage load(EngineImage below, EngineImage image, ImageReference name) {
    try (Workspace.TemporaryDirectory folder = workspace.temporaryDirectory("image")) {
      try {
        return load(made.archive(image, folder.path(), List.of()), image, name, folder.path());
      } catch (EngineException e) {
        if (e.kind() != EngineException.Kind.REFUSED) {
          throw e;
        }
        // Not every engine looks for a layer by its digest before it reads the archive.
        List<Path> layers = engine.unpacked(below.id().toString(), folder.path()).layers();
        return load(made.archive(image, folder.path(), layers), image, name, folder.path());
      }
    } catch (IOException e) {
      throw new OutputException("unpack an image", workspace.temporary(), e);
    }
  }

  private EngineImage load(
      ImageArchive archive, EngineImage image, ImageReference name, Path folder)
      throws IOException {
    Path file = folder.resolve("image.tar");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      archive.write(name, out);
    }
    EngineImage loaded = engine.load(file, name, image.platform());
    if (!loaded.layers().equals(image.layers())) {
      throw new EngineException(
          EngineException.Kind.REFUSED,
          "Tried to load " + name + ", but the engine made other layers of it: " + loaded.layers());
    }
    return loaded;
  }
}

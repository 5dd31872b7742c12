package io.baseimage.publish;

import io.baseimage.archive.KnownParts;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.PackageInventory;
import io.baseimage.pipeline.SbomFormat;
import io.baseimage.pipeline.Workspace;
import java.nio.file.Path;
import java.util.function.Predicate;

/** An engine, of which images are taken out. */
record EngineSource(
    Engine engine, PackageInventory inventory, SbomFormat format, Workspace workspace)
    implements ImageSource {

  @Override
  public StoredImage stored(EngineImage image, Predicate<Digest> isPresent, Path folder) {
    return new ImageExport(engine, new KnownParts(workspace.cache()), folder).of(image, isPresent);
  }

  @Override
  public byte[] sbom(EngineImage image) {
    KnownSboms known = new KnownSboms(workspace.cache());
    return known
        .find(image.id())
        .orElseGet(
            () -> {
              byte[] document = format.write(image, inventory.inventory(engine, image));
              known.remember(image.id(), document);
              return document;
            });
  }
}

package io.baseimage.publish;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.PackageInventory;
import io.baseimage.pipeline.SbomFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Images that have nothing in them, with a line for each in the place of an SBOM. */
public final class NothingInside implements PackageInventory, SbomFormat {
  /** The media type of the lines. */
  public static final String TYPE = "application/vnd.cyclonedx+json";

  @Override
  public List<InstalledPackage> packages(Engine engine, EngineImage image) {
    return List.of();
  }

  @Override
  public Inventory inventory(Engine engine, EngineImage image) {
    return Inventory.EMPTY;
  }

  @Override
  public String mediaType() {
    return TYPE;
  }

  @Override
  public byte[] write(EngineImage image, Inventory inventory) {
    return ("SBOM of " + image.platform() + " " + image.id()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Inventory read(byte[] document) {
    return Inventory.EMPTY;
  }
}

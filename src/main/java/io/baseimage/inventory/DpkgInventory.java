package io.baseimage.inventory;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.PackageInventory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads dpkg's status file (deb-control(5) stanzas) out of an image, without running it. */
final class DpkgInventory implements PackageInventory {
  private static final String STATUS = "/var/lib/dpkg/status";

  @Override
  public List<InstalledPackage> packages(Engine engine, EngineImage image) {
    byte[] status = engine.readFiles(image.id().toString(), List.of(STATUS)).get(STATUS);
    return status == null ? List.of() : parse(new String(status, StandardCharsets.UTF_8));
  }

  /** The installed packages of a status file, by name; removed ones that left files are not. */
  static List<InstalledPackage> parse(String status) {
    List<InstalledPackage> packages = new ArrayList<>();
    Map<String, String> stanza = new HashMap<>();
    for (String line : (status + "\n\n").split("\n", -1)) {
      if (line.isEmpty()) {
        if (stanza.getOrDefault("Status", "").endsWith(" installed")) {
          packages.add(
              new InstalledPackage(
                  stanza.getOrDefault("Package", ""),
                  stanza.getOrDefault("Version", ""),
                  stanza.getOrDefault("Architecture", "")));
        }
        stanza.clear();
        continue;
      }
      int colon = line.indexOf(':');
      // Continuation lines begin with a blank and belong to fields that are not asked for.
      if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
        stanza.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return packages.stream().sorted().toList();
  }
}

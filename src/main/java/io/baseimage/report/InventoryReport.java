package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.InstalledPackage.SourcePackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.RuntimeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is in an image, for people and for programs. */
public final class InventoryReport {
  private InventoryReport() {}

  // The table is to fit a terminal; the other forms have all licences.
  private static final int WIDTH = 80;
  private static final int LEAST_FOR_LICENCES = 14;
  private static final int GAP = 2;

  /** The packages in columns, and the runtime's files below them. */
  public static String table(Inventory inventory) {
    int room =
        WIDTH
            - widest(inventory, InstalledPackage::name)
            - widest(inventory, InstalledPackage::version)
            - widest(inventory, InstalledPackage::architecture);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PACKAGE", "VERSION", "ARCH", "LICENCES"));
    for (InstalledPackage each : inventory.packages()) {
      rows.add(
          List.of(
              each.name(),
              each.version(),
              each.architecture(),
              licences(each, Math.max(room, LEAST_FOR_LICENCES))));
    }
    StringBuilder text = new StringBuilder(TextTable.of(rows));
    if (!inventory.runtime().isEmpty()) {
      List<List<String>> files = new ArrayList<>();
      files.add(List.of("RUNTIME FILE", "SHA-256"));
      inventory
          .runtime()
          .forEach(file -> files.add(List.of(file.path(), file.digest().abbreviated())));
      text.append('\n').append(TextTable.of(files));
    }
    return text.toString();
  }

  private static int widest(Inventory inventory, Function<InstalledPackage, String> column) {
    return GAP
        + inventory.packages().stream()
            .mapToInt(each -> column.apply(each).length())
            .max()
            .orElse(0);
  }

  private static String licences(InstalledPackage installed, int room) {
    String all = installed.licences().isEmpty() ? "-" : String.join(", ", installed.licences());
    return all.length() > room ? all.substring(0, room - 1).strip() + "…" : all;
  }

  /** One object. */
  public static String json(Inventory inventory) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("system", inventory.system().id());
          json.writeStringField("release", inventory.system().versionId());
          json.writeStringField(
              "runtimeFingerprint",
              inventory.fingerprint().map(digest -> digest.toString()).orElse(null));
          json.writeArrayFieldStart("packages");
          for (InstalledPackage each : inventory.packages()) {
            write(json, each);
          }
          json.writeEndArray();
          write(json, inventory.runtime());
          json.writeEndObject();
        });
  }

  /** A package as an object. */
  static void write(JsonGenerator json, InstalledPackage installed) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", installed.name());
    json.writeStringField("version", installed.version());
    json.writeStringField("architecture", installed.architecture());
    json.writeStringField("source", installed.source().map(SourcePackage::name).orElse(null));
    json.writeStringField(
        "sourceVersion", installed.source().map(SourcePackage::version).orElse(null));
    VersionList.strings(json, "licences", installed.licences());
    json.writeEndObject();
  }

  /** The field {@code runtime}. */
  static void write(JsonGenerator json, List<RuntimeFile> runtime) throws IOException {
    json.writeArrayFieldStart("runtime");
    for (RuntimeFile file : runtime) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      json.writeStringField("digest", file.digest().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}

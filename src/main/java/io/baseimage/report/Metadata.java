package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** The build's records for programs: {@code metadata.json} and the SBOM beside it. */
public final class Metadata {
  /** The file's name. */
  public static final String FILE = "metadata.json";

  /** The file with the bill of materials. */
  public static final String SBOM_FILE = "sbom.cdx.json";

  private Metadata() {}

  /**
   * Writes {@code metadata.json} and the image's SBOM into a folder, each whole or not at all.
   *
   * @return the first of them
   * @throws OutputException if they cannot be written
   */
  public static Path write(BuildOutcome outcome, byte[] sbom, Path folder) {
    write(sbom, folder, SBOM_FILE);
    return write(of(outcome).getBytes(StandardCharsets.UTF_8), folder, FILE);
  }

  /**
   * Removes the files of an earlier run.
   *
   * @throws IOException if one is there and stays
   */
  public static void remove(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(FILE));
    Files.deleteIfExists(folder.resolve(SBOM_FILE));
  }

  private static Path write(byte[] content, Path folder, String name) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Path partial = Files.createTempFile(folder, name, ".partial");
      Files.write(partial, content);
      Files.setPosixFilePermissions(
          partial, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new OutputException("write " + name, folder, e);
    }
  }

  /** The record as JSON; sizes in bytes, times in milliseconds or as ISO 8601. */
  public static String of(BuildOutcome outcome) {
    return JsonText.of(json -> write(json, outcome));
  }

  private static void write(JsonGenerator json, BuildOutcome outcome) throws IOException {
    json.writeStartObject();
    json.writeStringField("variant", outcome.variant().name());
    json.writeStringField("version", outcome.version());
    json.writeArrayFieldStart("names");
    for (ImageReference name : outcome.names()) {
      json.writeString(name.toString());
    }
    json.writeEndArray();
    json.writeStringField("started", outcome.started().toString());
    json.writeStringField("inputs", outcome.inputs());

    json.writeObjectFieldStart("base");
    json.writeStringField("name", outcome.base().reference().toString());
    json.writeStringField(
        "source", outcome.base().source().name().toLowerCase(java.util.Locale.ROOT));
    json.writeStringField("digest", outcome.base().digest().orElse(null));
    json.writeStringField("standIn", outcome.base().standIn().orElse(null));
    json.writeNumberField("sizeBytes", outcome.image().sizeBytes() - outcome.addedBytes());
    json.writeEndObject();

    json.writeObjectFieldStart("image");
    json.writeStringField("id", outcome.image().id().toString());
    json.writeStringField("platform", outcome.image().platform().toString());
    json.writeStringField("created", outcome.image().created().toString());
    json.writeNumberField("sizeBytes", outcome.image().sizeBytes());
    json.writeNumberField("addedBytes", outcome.addedBytes());
    json.writeArrayFieldStart("layers");
    for (Digest layer : outcome.image().layers()) {
      json.writeString(layer.toString());
    }
    json.writeEndArray();
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label :
        new java.util.TreeMap<>(outcome.image().labels()).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();

    json.writeObjectFieldStart("engine");
    json.writeStringField("name", outcome.engine().name());
    json.writeStringField("version", outcome.engine().version());
    json.writeStringField("apiVersion", outcome.engine().apiVersion());
    json.writeStringField("address", outcome.engine().address());
    json.writeEndObject();

    json.writeNumberField("addedPackages", outcome.addedPackages());
    json.writeArrayFieldStart("packages");
    for (InstalledPackage installed : outcome.packages()) {
      InventoryReport.write(json, installed);
    }
    json.writeEndArray();

    InventoryReport.write(json, outcome.inventory().runtime());

    if (outcome.checks().isPresent()) {
      write(json, outcome.checks().get());
    } else {
      json.writeNullField("checks");
    }
    json.writeObjectFieldStart("phases");
    for (Map.Entry<Phase, Duration> phase : outcome.phases().entrySet()) {
      json.writeNumberField(phase.getKey().label() + "Millis", phase.getValue().toMillis());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, CheckReport report) throws IOException {
    json.writeObjectFieldStart("checks");
    json.writeNumberField("hold", report.count(Outcome.HOLDS));
    json.writeNumberField("broken", report.count(Outcome.BROKEN));
    json.writeNumberField("notApplicable", report.count(Outcome.NOT_APPLICABLE));
    json.writeArrayFieldStart("results");
    for (CheckResult result : report.results()) {
      json.writeStartObject();
      json.writeStringField("name", result.name());
      json.writeStringField("lines", String.join(" ", result.lines()));
      json.writeStringField("outcome", result.outcome().name());
      json.writeNumberField("millis", result.took().toMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}

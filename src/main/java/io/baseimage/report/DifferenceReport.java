package io.baseimage.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageDifference.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What differs between two images, for people, for programs and for a page. */
public final class DifferenceReport {
  /** Bytes that are no tenth of a megabyte. */
  private static final long SMALL = 50_000;

  private static final String UNKNOWN = "unknown: no SBOM is attached";

  private DifferenceReport() {}

  /** Lines for a terminal. */
  public static String text(ImageDifference difference) {
    StringBuilder text = new StringBuilder();
    text.append("--- ").append(name(difference.from())).append('\n');
    text.append("+++ ").append(name(difference.to())).append('\n');
    text.append("\nsize: ").append(size(difference)).append("\n\npackages: ");
    text.append(difference.packages().map(PackageChanges::summary).orElse(UNKNOWN)).append('\n');
    difference.packages().ifPresent(changes -> text.append(PackageChanges.table(changes)));
    text.append("\nruntime: ");
    text.append(difference.runtime().map(DifferenceReport::count).orElse(UNKNOWN)).append('\n');
    difference
        .runtime()
        .ifPresent(
            files ->
                files.forEach(
                    file -> text.append("  %-7s  %s%n".formatted(file.word(), file.name()))));
    text.append("\nconfiguration: ").append(count(difference.configuration())).append('\n');
    for (Change change : difference.configuration()) {
      text.append("  %-7s  %s%n".formatted(change.word(), change.name()));
      change.before().ifPresent(value -> text.append("         - ").append(value).append('\n'));
      change.after().ifPresent(value -> text.append("         + ").append(value).append('\n'));
    }
    return text.toString();
  }

  /** A section for a page. */
  public static String markdown(ImageDifference difference) {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(Markdown.code(difference.from().name())).append(" → ");
    text.append(Markdown.code(difference.to().name())).append("\n\n");
    text.append("- from: ").append(where(difference.from())).append('\n');
    text.append("- to: ").append(where(difference.to())).append('\n');
    text.append("- size: ").append(size(difference)).append('\n');
    text.append("- packages: ")
        .append(difference.packages().map(PackageChanges::summary).orElse(UNKNOWN))
        .append('\n');
    text.append("- runtime: ")
        .append(difference.runtime().map(DifferenceReport::count).orElse(UNKNOWN))
        .append('\n');
    text.append("- configuration: ").append(count(difference.configuration())).append('\n');
    difference
        .packages()
        .filter(changes -> !changes.isEmpty())
        .ifPresent(changes -> text.append('\n').append(PackageChanges.markdown(changes)));
    difference
        .runtime()
        .filter(files -> !files.isEmpty())
        .ifPresent(
            files -> {
              List<List<String>> rows = new ArrayList<>();
              rows.add(List.of("Runtime file", ""));
              files.forEach(file -> rows.add(List.of(Markdown.code(file.name()), file.word())));
              text.append('\n').append(Markdown.table(rows));
            });
    if (!difference.configuration().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("Setting", "Before", "After"));
      difference
          .configuration()
          .forEach(
              change ->
                  rows.add(
                      List.of(
                          Markdown.code(change.name()),
                          change.before().map(Markdown::code).orElse(""),
                          change.after().map(Markdown::code).orElse(""))));
      text.append('\n').append(Markdown.table(rows));
    }
    return text.toString();
  }

  /** One object; {@code packages} and {@code runtime} are null where they are not known. */
  public static String json(ImageDifference difference) {
    return JsonText.of(json -> write(json, difference));
  }

  /** The same as a value. */
  static void write(JsonGenerator json, ImageDifference difference) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("different", !difference.isEmpty());
    write(json, "from", difference.from());
    write(json, "to", difference.to());
    if (difference.packages().isPresent()) {
      PackageChanges.write(json, "packages", difference.packages().get());
    } else {
      json.writeNullField("packages");
    }
    if (difference.runtime().isPresent()) {
      write(json, "runtime", difference.runtime().get());
    } else {
      json.writeNullField("runtime");
    }
    write(json, "configuration", difference.configuration());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, ImageDescription image)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("name", image.name());
    json.writeStringField("place", image.place().name().toLowerCase(Locale.ROOT));
    json.writeStringField("digest", image.digest().toString());
    json.writeStringField("platform", image.platform().toString());
    json.writeNumberField("sizeBytes", image.sizeBytes());
    json.writeBooleanField("compressed", image.place() == ImageDescription.Place.REGISTRY);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, List<Change> changes)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Change change : changes) {
      json.writeStartObject();
      json.writeStringField("change", change.word());
      json.writeStringField("name", change.name());
      json.writeStringField("before", change.before().orElse(null));
      json.writeStringField("after", change.after().orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String name(ImageDescription image) {
    return image.name() + "\n    " + where(image);
  }

  private static String where(ImageDescription image) {
    return (image.place() == ImageDescription.Place.ENGINE ? "on the engine, " : "in a registry, ")
        + image.platform()
        + ", "
        + image.digest().abbreviated();
  }

  private static String count(List<Change> changes) {
    return changes.isEmpty() ? "the same" : changes.size() + " changed";
  }

  private static String size(ImageDifference difference) {
    ImageDescription from = difference.from();
    ImageDescription to = difference.to();
    if (from.place() != to.place()) {
      return size(from) + " → " + size(to);
    }
    long more = to.sizeBytes() - from.sizeBytes();
    String change =
        more == 0
            ? ""
            : Math.abs(more) < SMALL
                ? String.format(Locale.ROOT, " (%+d bytes)", more)
                : String.format(Locale.ROOT, " (%+.1f MB)", more / 1e6);
    return Summary.megabytes(from.sizeBytes()) + " → " + size(to) + change;
  }

  private static String size(ImageDescription image) {
    return Summary.megabytes(image.sizeBytes())
        + (image.place() == ImageDescription.Place.ENGINE ? " unpacked" : " compressed");
  }
}

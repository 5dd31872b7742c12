package io.baseimage.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import io.baseimage.version.ImageVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The variants as a table for people, and for programs. */
public final class VariantList {
  private VariantList() {}

  /**
   * A variant and its images on the engine.
   *
   * @param builds the images' names; nothing if no engine runs that could tell
   */
  public record Listed(Variant variant, Optional<List<Built>> builds) {}

  /** A line for each variant under a line of headings, in columns. */
  public static String table(List<Listed> all, LocalDate today) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VARIANT", "SUPPORT", "BASE", "FEATURES", "BUILT HERE"));
    for (Listed listed : all) {
      Variant variant = listed.variant();
      rows.add(
          List.of(
              variant.name(),
              support(variant, today),
              variant.base().image().toString(),
              String.join(" ", features(variant)),
              listed.builds().map(VariantList::newest).orElse("no engine runs")));
    }
    return TextTable.of(rows);
  }

  /** An array with an object for each variant. */
  public static String json(List<Listed> all, LocalDate today) {
    return write(
        json -> {
          json.useDefaultPrettyPrinter();
          json.writeStartArray();
          for (Listed listed : all) {
            Variant variant = listed.variant();
            json.writeStartObject();
            json.writeStringField("name", variant.name());
            json.writeStringField("title", variant.title());
            json.writeStringField("description", variant.description());
            json.writeStringField("status", hasEnded(variant, today) ? "end of life" : "supported");
            json.writeStringField(
                "endOfLife", variant.endOfLife().map(LocalDate::toString).orElse(null));
            json.writeStringField("base", variant.base().image().toString());
            json.writeStringField("locale", variant.locale());
            json.writeStringField("timezone", variant.timezone());
            VersionList.strings(json, "features", features(variant));
            if (listed.builds().isPresent()) {
              List<Built> builds = listed.builds().get();
              VersionList.strings(json, "images", builds.stream().map(Built::name).toList());
              write(json, builds);
            } else {
              json.writeNullField("images");
              json.writeNullField("builds");
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The value of {@code strategy.matrix} in a workflow, for the variants that are supported. */
  public static String githubMatrix(List<Variant> variants, LocalDate today) {
    return write(
        json -> {
          json.writeStartObject();
          VersionList.strings(
              json,
              "variant",
              variants.stream()
                  .filter(variant -> !hasEnded(variant, today))
                  .map(Variant::name)
                  .toList());
          json.writeEndObject();
        });
  }

  /** Whether the release has no free support any more. */
  public static boolean hasEnded(Variant variant, LocalDate today) {
    return variant.endOfLife().filter(day -> day.isBefore(today)).isPresent();
  }

  private static String support(Variant variant, LocalDate today) {
    return variant
        .endOfLife()
        .map(day -> (hasEnded(variant, today) ? "ended " : "until ") + day)
        .orElse("supported");
  }

  private static List<String> features(Variant variant) {
    Services services = variant.services();
    List<String> features = new ArrayList<>();
    if (services.syslog() != Services.Syslog.NONE) {
      features.add(services.syslog().id());
    }
    if (services.cron()) {
      features.add("cron");
    }
    if (services.logrotate()) {
      features.add("logrotate");
    }
    if (services.sshd()) {
      features.add("sshd");
    }
    return features;
  }

  /** The highest version of each kind in each repository. */
  private static String newest(List<Built> builds) {
    return builds.stream()
        .collect(
            Collectors.toMap(
                Built::series,
                Function.identity(),
                BinaryOperator.maxBy(Built.BY_VERSION),
                TreeMap::new))
        .values()
        .stream()
        .map(Built::name)
        .collect(Collectors.joining(" "));
  }

  private static void write(JsonGenerator json, List<Built> builds) throws IOException {
    json.writeArrayFieldStart("builds");
    for (Built built : builds) {
      json.writeStartObject();
      json.writeStringField("name", built.name());
      json.writeStringField("variant", built.variant());
      json.writeBooleanField("standIn", built.standIn());
      json.writeStringField("platform", built.platform().toString());
      json.writeStringField("version", built.version().map(ImageVersion::toString).orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static String write(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}

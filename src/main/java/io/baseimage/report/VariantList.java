package io.baseimage.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import io.baseimage.version.ImageVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variants as a table for people, and for programs. */
public final class VariantList {
  private static final Pattern END_OF_TAG =
      Pattern.compile(
          "(?:-(20[0-9]{2}\\.[0-9]{2}-[0-9]{3}))?(?:-("
              + String.join("|", Platform.ARCHITECTURES)
              + "))?$");

  /** By version, and of one version the name without an architecture last. */
  private static final Comparator<String> BY_VERSION =
      Comparator.<String, ImageVersion>comparing(
              name -> version(name).orElse(new ImageVersion("0", 0)))
          .thenComparing(Comparator.reverseOrder());

  private VariantList() {}

  /**
   * A variant and its images on the engine.
   *
   * @param names the images' names, sorted; nothing if no engine runs that could tell
   */
  public record Listed(Variant variant, Optional<List<String>> names) {}

  /** Whether an image's name is one that builds of the variant give. */
  public static boolean isOf(String name, String variant) {
    return ImageReference.parse(name)
        .effectiveTag()
        .filter(tag -> withoutEnd(tag).equals(variant))
        .isPresent();
  }

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
              listed.names().map(VariantList::newest).orElse("no engine runs")));
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
            strings(json, "features", features(variant));
            if (listed.names().isPresent()) {
              strings(json, "images", listed.names().get());
            } else {
              json.writeNullField("images");
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
          strings(
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
  private static String newest(List<String> names) {
    return names.stream()
        .collect(
            Collectors.toMap(
                VariantList::withoutEnd,
                Function.identity(),
                BinaryOperator.maxBy(BY_VERSION),
                TreeMap::new))
        .values()
        .stream()
        .collect(Collectors.joining(" "));
  }

  private static String withoutEnd(String tag) {
    return END_OF_TAG.matcher(tag).replaceFirst("");
  }

  private static Optional<ImageVersion> version(String name) {
    Matcher end = END_OF_TAG.matcher(name);
    return end.find()
        ? Optional.ofNullable(end.group(1)).map(ImageVersion::parse)
        : Optional.empty();
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
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

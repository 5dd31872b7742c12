package io.baseimage.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.baseimage.publish.TaggedVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The versions in a repository as a table for people, and for programs. */
public final class VersionList {
  private VersionList() {}

  /** A line for each version under a line of headings, in columns. */
  public static String table(List<TaggedVersion> versions) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("TAG", "DIGEST", "DATE", "ALIASES"));
    for (TaggedVersion version : versions) {
      rows.add(
          List.of(
              version.tag(),
              version.digest().abbreviated(),
              version.date().orElse("unknown"),
              (String.join(" ", version.aliases()) + (version.withdrawn() ? " (withdrawn)" : ""))
                  .strip()));
    }
    return TextTable.of(rows);
  }

  /** An array with an object for each version. */
  public static String json(List<TaggedVersion> versions) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (TaggedVersion version : versions) {
        json.writeStartObject();
        json.writeStringField("tag", version.tag());
        json.writeStringField("variant", version.variant().orElse(null));
        json.writeStringField("version", version.version());
        json.writeStringField("digest", version.digest().toString());
        json.writeStringField("created", version.created().orElse(null));
        json.writeStringField("published", version.published().orElse(null));
        strings(json, "platforms", version.platforms());
        strings(json, "aliases", version.aliases());
        json.writeBooleanField("withdrawn", version.withdrawn());
        strings(json, "reasons", version.reasons());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A field with an array of strings. */
  static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}

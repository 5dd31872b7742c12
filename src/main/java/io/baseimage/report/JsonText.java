package io.baseimage.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** JSON that a person can read, too, with a line end after it. */
final class JsonText {
  private JsonText() {}

  /** Writes one value. */
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** Writes an array with an object for each. */
  static <T> String array(Iterable<T> all, Fields<T> fields) {
    return of(
        json -> {
          json.writeStartArray();
          for (T each : all) {
            json.writeStartObject();
            fields.to(json, each);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** Writes the fields of one object. */
  interface Fields<T> {
    void to(JsonGenerator json, T each) throws IOException;
  }

  static String of(Writing writing) {
    StringWriter text = new StringWriter();
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(printer);
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text + "\n";
  }
}

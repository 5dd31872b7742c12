package io.baseimage.variant;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.baseimage.variant.Node.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words what the YAML parser complains about, and where. */
final class YamlErrors {
  // The parser's message is one or two sentences, each followed by a mark and the lines it shows.
  // The last mark is the error's place; the exception's own location is the token before it.
  private static final Pattern SENTENCE_AND_MARK =
      Pattern.compile("(?m)^(?! )(.+)\\R in [^\\n]*, line ([0-9]+), column ([0-9]+):");
  private static final Pattern BAD_START =
      Pattern.compile("found character '(.+?)(?:\\(TAB\\))?' that cannot start any token.*");

  private YamlErrors() {}

  static void report(JsonProcessingException error, Problems problems) {
    record Sentence(String text, Place place) {}
    List<Sentence> sentences = new ArrayList<>();
    Matcher matcher = SENTENCE_AND_MARK.matcher(error.getOriginalMessage());
    while (matcher.find()) {
      Place place =
          new Place(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
      sentences.add(new Sentence(matcher.group(1), place));
    }
    if (sentences.isEmpty()) {
      problems.add(place(error.getLocation()), "", plain(firstLine(error.getOriginalMessage())));
      return;
    }
    Sentence what = sentences.get(sentences.size() - 1);
    String message = plain(what.text());
    if (sentences.size() > 1) {
      Sentence context = sentences.get(0);
      message +=
          " ("
              + context.text()
              + " that begins at "
              + context.place().line()
              + ":"
              + context.place().column()
              + ")";
    }
    problems.add(what.place(), "", message);
  }

  private static String plain(String sentence) {
    Matcher badStart = BAD_START.matcher(sentence);
    if (badStart.matches()) {
      String found = badStart.group(1);
      return found.startsWith("\\t") || found.startsWith("\t")
          ? "not YAML: found a tab; indent with spaces"
          : "not YAML: a text that begins with '" + found + "' must be quoted";
    }
    if (sentence.startsWith("mapping values are not allowed here")) {
      return "not YAML: found ':' where no field can begin; indent the line like its neighbours, or"
          + " quote a text that has ': ' in it";
    }
    if (sentence.startsWith("expected <block end>")) {
      return "not YAML: the line is not indented like its neighbours, a quote before it was"
          + " closed too early, or a text with braces or brackets in it has no quotes";
    }
    if (sentence.startsWith("found unexpected end of stream")) {
      return "not YAML: the file ends in the middle of a text; close its quote";
    }
    if (sentence.contains("<stream end>")) {
      return "not YAML: the file ends in the middle of a list or map; close its bracket";
    }
    if (sentence.startsWith("Expected a field name")) {
      return "not a variant: the name of a field must be a simple text";
    }
    return "not YAML: " + sentence;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  static Place place(JsonLocation location) {
    if (location == null) {
      return Place.WHOLE_FILE;
    }
    return new Place(Math.max(0, location.getLineNr()), Math.max(0, location.getColumnNr()));
  }
}
